/// Cuts a long text into messages that the service takes.
package enum MessageSplitter {
    /// The pieces, in order: at a white space where one is, which is then left out; never within a character, unless the character alone is too
    /// long.
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
            let next = text.index(after: end)
            if text[end].isWhitespace, end > text.startIndex { lastSpace = end }
            if next > longest { break }
            end = next
        }
        return lastSpace ?? (end > text.startIndex ? end : longest)
    }
}
