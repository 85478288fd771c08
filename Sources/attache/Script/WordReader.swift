/// Splits a command's arguments: words, `"quoted texts"` with `\"`, `\\`, `\n` and `\t`, and `/patterns/` with `\/`.
///
/// A `#` where a word could begin starts a comment.
struct WordReader {
    struct Word: Equatable {
        var text: String
        var isQuoted = false
        var isPattern = false
    }

    private var remaining: Substring

    init(_ text: Substring) {
        remaining = text
    }

    func peek() throws(CommandError) -> Word? {
        var copy = self
        return try copy.next()
    }

    /// - Parameter mayBePattern: Whether a slash begins a pattern; else it begins a path.
    /// - Returns: Nil at the end.
    mutating func next(mayBePattern: Bool = false) throws(CommandError) -> Word? {
        skipSpace()
        switch remaining.first {
        case nil, "#": return nil
        case "\"": return Word(text: try delimited(by: "\""), isQuoted: true)
        case "/" where mayBePattern: return Word(text: try delimited(by: "/"), isPattern: true)
        default:
            let word = remaining.prefix { !$0.isWhitespace }
            remaining = remaining.dropFirst(word.count)
            return Word(text: String(word))
        }
    }

    /// All that is left, as it stands.
    mutating func rest() -> String {
        skipSpace()
        defer { remaining = "" }
        return String(remaining)
    }

    /// From a brace to the one that closes it.
    mutating func jsonObject() throws(CommandError) -> String {
        skipSpace()
        var depth = 0
        var isInString = false
        var isEscaped = false
        for index in remaining.indices {
            switch remaining[index] {
            case _ where isEscaped: isEscaped = false
            case "\\" where isInString: isEscaped = true
            case "\"": isInString.toggle()
            case "{" where !isInString: depth += 1
            case "}" where !isInString:
                depth -= 1
                if depth == 0 {
                    defer { remaining = remaining[remaining.index(after: index)...] }
                    return String(remaining[...index])
                }
            default: break
            }
            if depth == 0 { break }
        }
        throw CommandError("a JSON object in braces is missing, or is not closed")
    }

    private mutating func skipSpace() {
        remaining = remaining.drop(while: \.isWhitespace)
    }

    private mutating func delimited(by end: Character) throws(CommandError) -> String {
        var text = ""
        var isEscaped = false
        for index in remaining.indices.dropFirst() {
            let character = remaining[index]
            if isEscaped {
                isEscaped = false
                text.append(contentsOf: Self.unescaped(character, in: end))
            } else if character == "\\" {
                isEscaped = true
            } else if character == end {
                remaining = remaining[remaining.index(after: index)...]
                return text
            } else {
                text.append(character)
            }
        }
        throw CommandError("the \(end == "/" ? "pattern" : "text") is not closed: a \(end) is missing")
    }

    private static func unescaped(_ character: Character, in end: Character) -> String {
        switch character {
        case end: String(end)
        // In a pattern, everything else is PCRE2's own.
        case _ where end == "/": "\\\(character)"
        case "n": "\n"
        case "t": "\t"
        case "\\": "\\"
        default: "\\\(character)"
        }
    }
}
