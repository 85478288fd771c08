import ConnectWire

/// What a recording expects in the place of an item that somebody else sent.
struct RecordedExpectation {
    /// What stands after `\expect`.
    let text: String

    /// - Parameter mayBeJoining: Whether that somebody joins is worth a line; who is there from the beginning may have come before.
    /// - Returns: Nil for what need not come again: typing, receipts, and a file that was rejected.
    init?(_ item: Item, mayBeJoining: Bool) {
        switch item.type {
        case .message:
            if let content = InteractiveContent(item) {
                guard
                    let option = (content.options + [content.title]).first(where: { !$0.contains { $0 == "\"" || $0 == "\\" || $0 == "/" } }
                    )
                else { return nil }
                text = "choice \(option.quotedForScript)"
            } else {
                guard let content = item.content, !content.isEmpty else { return nil }
                text = Self.message(content)
            }
        case .attachment:
            guard let file = item.attachments?.first(where: { $0.status == .approved }), let name = file.attachmentName,
                !VolatileText.pieces(of: name).contains(where: \.isVolatile)
            else { return nil }
            text = "file \(name.quotedIfNeeded)" + (file.contentType.map { " type \($0.rawValue.quotedIfNeeded)" } ?? "")
        case .event:
            switch item.contentType {
            case .participantLeft?: text = "left"
            case .participantJoined? where mayBeJoining: text = "joined"
            case .chatEnded?: text = "event chat.ended"
            default: return nil
            }
        default: return nil
        }
    }

    private static func message(_ content: String) -> String {
        let pieces = VolatileText.pieces(of: content)
        guard pieces.contains(where: \.isVolatile) || content.mayHoldSecret else { return content.quotedForScript }
        let pattern = pieces.map { piece in
            switch piece {
            case .plain(let text): self.pattern(for: text)
            case .id: "[0-9a-f-]{36}"
            case .time(let pattern): pattern
            }
        }.joined()
        return "/\(pattern)/"
    }

    /// Words that may be secrets are any word.
    private static func pattern(for text: String) -> String {
        text.split(separator: " ", omittingEmptySubsequences: false).map { String($0).mayHoldSecret ? #"\S+"# : escaped($0) }
            .joined(separator: " ")
    }

    private static func escaped(_ text: Substring) -> String {
        text.map { character in
            switch character {
            case "\n": "\\n"
            case "\t": "\\t"
            case _ where character.isASCII && !character.isLetter && !character.isNumber: "\\\(character)"
            default: String(character)
            }
        }.joined()
    }
}

extension VolatileText.Piece {
    fileprivate var isVolatile: Bool {
        if case .plain = self { false } else { true }
    }
}
