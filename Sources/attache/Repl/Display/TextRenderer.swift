import ConnectWire
import Foundation

/// Writes what the REPL tells as text for people.
struct TextRenderer {
    /// Whether it goes to somebody who has typed what they said, and need not see it again.
    var isInteractive: Bool
    var isUnicode = true
    var timeZone = TimeZone.gmt

    /// - Returns: Nothing where there is nothing to say.
    func text(_ output: ReplOutput, _ settings: Settings) -> String? {
        let style = Style(isColoured: settings.colour)
        switch output {
        case .item(let shown): return item(shown, settings, style)
        case .upload(let upload): return upload.isFinal ? style.dim(safe("-- " + UploadText(upload).text)) : nil
        case .ended(let session, let reason): return style.dim(safe("-- \(session): \(reason)"))
        case .answer(let answer): return answer.lines.isEmpty ? nil : safe(answer.lines.joined(separator: "\n"))
        case .notice(let text): return style.dim(safe("-- \(text)"))
        case .problem(let problem):
            let place = problem.place.map { "\($0.file):\($0.line): " } ?? ""
            return style.red("error: ") + safe(place + problem.message)
        case .line(let line): return style.dim(safe("> \(line)"))
        case .done(_, let duration, let isTold): return isTold ? style.dim("-- \(duration.milliseconds) ms") : nil
        }
    }

    private func safe(_ text: String) -> String { text.visible(isUnicode: isUnicode) }

    private func item(_ shown: ShownItem, _ settings: Settings, _ style: Style) -> String? {
        let item = shown.item
        guard !(isInteractive && shown.isOwn && item.type == .message) else { return nil }
        var head = settings.times ? style.dim(clock(item.absoluteTime)) + " " : ""
        head += style.dim("#\(shown.number)") + " "
        if shown.namesSession { head += style.dim("[\(safe(shown.session))]") + " " }
        // What was said comes last, so that no direction of writing moves anything else.
        let what = safe(what(shown)).replacing("\n", with: "\n    ")
        let role = item.participantRole.map { " (\($0.briefly))" } ?? ""
        guard let who = item.displayName ?? item.participantRole?.rawValue else { return head + style.dim(what) }
        let name = style.name(safe(who), of: item.participantRole) + style.dim(role)
        let isSaid = item.type == .message || item.type == .attachment
        return head + name + (isSaid ? ": \(what)" : " \(style.dim(what))")
    }

    private func what(_ shown: ShownItem) -> String {
        if shown.item.type == .messageMetadata { return receipt(shown) }
        let text = shown.item.contentType?.eventName.map(Self.wording) ?? ItemText(shown.item).what
        let isThere = (shown.item.attachments ?? []).contains { $0.status == .approved }
        return isThere && isInteractive && !shown.isOwn ? "\(text)  (\\save \(shown.number))" : text
    }

    private func receipt(_ shown: ShownItem) -> String {
        let message = shown.about.map { "#\($0)" } ?? "a message"
        let isRead = ItemText(shown.item).receipts == "read"
        if shown.item.displayName == nil { return "\(message) was \(isRead ? "read" : "delivered")" }
        return isRead ? "has read \(message)" : "has received \(message)"
    }

    /// What somebody did, after their name.
    private static func wording(_ event: String) -> String {
        switch event {
        case "participant.joined": "joined"
        case "participant.left": "left"
        case "typing": "is typing"
        case "chat.ended": "ended the chat"
        default: "(\(event))"
        }
    }

    /// `14:03:59`
    private func clock(_ time: Timestamp) -> String {
        let seconds = Int(time.millisecondsSince1970 / 1000) + timeZone.secondsFromGMT(for: time.date)
        return [seconds / 3600 % 24, seconds / 60 % 60, seconds % 60].map { $0 < 10 ? "0\($0)" : "\($0)" }.joined(separator: ":")
    }
}

extension ParticipantRole {
    fileprivate var briefly: String {
        switch self {
        case .customBot: "bot"
        default: rawValue.lowercased()
        }
    }
}

extension Duration {
    /// With one decimal.
    var milliseconds: String {
        let tenths = Int((self / .microseconds(100)).rounded())
        return "\(tenths / 10).\(tenths % 10)"
    }
}
