/// What is different each time something is played again: ids, dates and times of day.
enum VolatileText {
    enum Piece: Equatable {
        case plain(String)
        case id
        /// As a pattern finds another of its kind.
        case time(pattern: String)
    }

    /// In a template, `h` is a hexadecimal digit, `d` a decimal one.
    private static let templates: [(String, Piece)] = [
        ("hhhhhhhh-hhhh-hhhh-hhhh-hhhhhhhhhhhh", .id),
        ("dddd-dd-ddTdd:dd:dd", .time(pattern: #"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d"#)),
        ("dddd-dd-dd", .time(pattern: #"\d{4}-\d\d-\d\d"#)),
        ("dd:dd:dd", .time(pattern: #"\d\d:\d\d:\d\d"#)),
        ("dd:dd", .time(pattern: #"\d{1,2}:\d\d"#)),
        ("d:dd", .time(pattern: #"\d{1,2}:\d\d"#)),
    ]

    static func pieces(of text: some StringProtocol) -> [Piece] {
        var pieces: [Piece] = []
        var plain = ""
        var rest = Substring(text)
        while let first = rest.first {
            let isBoundary = plain.last.map { !$0.isLetter && !$0.isNumber } ?? true
            if isBoundary, let (length, piece) = match(rest) {
                if !plain.isEmpty { pieces.append(.plain(plain)) }
                plain = ""
                pieces.append(piece)
                rest = rest.dropFirst(length)
            } else {
                plain.append(first)
                rest = rest.dropFirst()
            }
        }
        return plain.isEmpty ? pieces : pieces + [.plain(plain)]
    }

    private static func match(_ text: Substring) -> (Int, Piece)? {
        for (template, piece) in templates {
            let candidate = text.prefix(template.count)
            guard candidate.count == template.count, zip(candidate, template).allSatisfy(fits) else { continue }
            if let next = text.dropFirst(template.count).first, next.isLetter || next.isNumber { continue }
            return (template.count, piece)
        }
        return nil
    }

    private static func fits(_ character: Character, _ template: Character) -> Bool {
        switch template {
        case "h": character.isHexDigit
        case "d": character.isASCII && character.isNumber
        default: character == template
        }
    }
}
