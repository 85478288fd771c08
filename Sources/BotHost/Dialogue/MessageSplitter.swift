/// Cuts a long text into messages that the service takes.
package enum MessageSplitter {
    /// The pieces, in order: at a white space where one is, which is then left out; never within a character, a link, or a character of
    /// markdown with the backslash before it, unless that alone is too long.
    /// - Parameter limit: In Unicode scalars, as the service counts.
    package static func split(_ text: String, limit: Int) -> [String] {
        var pieces: [String] = []
        var rest = text[...]
        while rest.unicodeScalars.count > limit {
            let end = endOfPiece(in: rest, limit: limit)
            pieces.append(String(rest[..<end]))
            rest = rest[end...]
            if rest.first?.isWhitespace ?? false { rest.removeFirst() }
        }
        pieces.append(String(rest))
        return pieces.filter { piece in piece.contains { !$0.isWhitespace } }
    }

    private static func endOfPiece(in text: Substring, limit: Int) -> String.Index {
        let longest = text.unicodeScalars.index(text.startIndex, offsetBy: limit)
        var end = text.startIndex
        var lastSpace: String.Index?
        while end < text.endIndex {
            let next = endOfUnit(in: text, from: end, within: longest)
            if text[end].isWhitespace, end > text.startIndex { lastSpace = end }
            if next > longest { break }
            end = next
        }
        return lastSpace ?? (end > text.startIndex ? end : longest)
    }

    /// Behind what begins there and should stay whole. A link that is longer than a piece anyway is a character like others.
    private static func endOfUnit(in text: Substring, from start: String.Index, within longest: String.Index) -> String.Index {
        let next = text.index(after: start)
        guard let end = Link.end(in: text[start...]) ?? endOfEscape(in: text[start...]) else { return next }
        let isTooLong = start == text.startIndex && end > longest
        return isTooLong ? next : end
    }

    private static func endOfEscape(in text: Substring) -> String.Index? {
        guard text.first == "\\", let escaped = text.dropFirst().first, !escaped.isWhitespace else { return nil }
        return text.index(text.startIndex, offsetBy: 2)
    }
}

/// Finds links: `[text](address)` of markdown, and addresses of the web as they stand.
private enum Link {
    /// Behind the link that the text begins with.
    static func end(in text: Substring) -> String.Index? {
        switch text.first {
        case "[": return text.prefixMatch(of: /\[(?:[^\[\]\\]|\\.)*\]\((?:[^()\s\\]|\\.|\([^()\s]*\))*\)/)?.range.upperBound
        case "h", "H": return text.prefixMatch(of: /https?:\/\/\S+/.ignoresCase())?.range.upperBound
        default: return nil
        }
    }
}
