/// A line as a recording keeps it: without ids and tokens, and with its line breaks.
struct RecordedText {
    let text: String

    init(_ text: String) {
        self.text = text
    }

    var line: String {
        let words = text.split(separator: " ", omittingEmptySubsequences: false).map(Self.clean)
        return words.joined(separator: " ").replacing("\n", with: "\\\n")
    }

    private static func clean(_ word: Substring) -> String {
        if String(word).mayHoldSecret { return "SECRET" }
        let pieces = VolatileText.pieces(of: word)
        guard pieces.contains(.id) else { return String(word) }
        return pieces.map { piece in
            switch piece {
            case .plain(let text): text
            case .id: "00000000-0000-0000-0000-000000000000"
            case .time: "00:00"
            }
        }.joined()
    }
}
