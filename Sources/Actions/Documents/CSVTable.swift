/// A table as RFC 4180 has it: comma, CRLF after every row, quotes where a cell needs them.
struct CSVTable {
    enum Cell {
        /// Written by people, and so not to be trusted.
        case text(String)
        /// Computed here. A minus before it is a sign, not a formula.
        case number(String)
        case empty
    }

    private(set) var text = ""

    init(header: [String]) {
        append(header.map(Cell.text))
    }

    mutating func append(_ row: [Cell]) {
        text += row.map(Self.encoded).joined(separator: ",") + "\r\n"
    }

    private static func encoded(_ cell: Cell) -> String {
        switch cell {
        case .empty: ""
        case .number(let digits): digits
        case .text(let text): quoted(defused(text))
        }
    }

    private static func quoted(_ text: String) -> String {
        let needsQuotes = text.unicodeScalars.contains { "\",;\r\n\t".unicodeScalars.contains($0) } || text.first == " " || text.last == " "
        return needsQuotes ? "\"\(text.replacing("\"", with: "\"\""))\"" : text
    }

    /// The text with an apostrophe before whatever a spreadsheet would run as a formula.
    ///
    /// A spreadsheet takes a cell that begins with = + - or @ for a formula, quoted or not, and a formula that a customer typed can fetch
    /// and run things on the computer of whoever opens the file. The apostrophe marks the cell as text. Space before the sign does not
    /// help, since many programs trim it. Where the list separator is a semicolon (much of Europe), the quotes in the middle of a row mean
    /// nothing, so that a semicolon, tab or line break inside the cell begins a new one: what follows those is marked as well.
    private static func defused(_ text: String) -> String {
        var result = String.UnicodeScalarView()
        var pending = String.UnicodeScalarView()
        var isAtStart = true
        for scalar in text.unicodeScalars {
            switch scalar {
            case ";", "\t", "\r", "\n":
                if isAtStart, result.isEmpty, pending.isEmpty, scalar == "\t" || scalar == "\r" { result.append("'") }
                result.append(contentsOf: pending)
                result.append(scalar)
                pending = String.UnicodeScalarView()
                isAtStart = true
            case _ where isAtStart && (scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint):
                pending.append(scalar)
            default:
                if isAtStart, Self.formulaSigns.contains(scalar) { result.append("'") }
                result.append(contentsOf: pending)
                result.append(PlainText.printable(scalar))
                pending = String.UnicodeScalarView()
                isAtStart = false
            }
        }
        result.append(contentsOf: pending)
        return String(result)
    }

    /// With their full-width forms, which spreadsheets in East Asia read alike.
    private static let formulaSigns: Set<Unicode.Scalar> = ["=", "+", "-", "@", "\u{FF1D}", "\u{FF0B}", "\u{FF0D}", "\u{FF20}"]
}
