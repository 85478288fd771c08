/// The text of a bot file by lines, as libYAML counts them.
struct SourceText {
    let path: String
    let lines: [Substring.UnicodeScalarView]

    init(_ text: String, path: String) {
        self.path = path
        var lines: [Substring.UnicodeScalarView] = []
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        var index = start
        while index < scalars.endIndex {
            let next = scalars.index(after: index)
            switch scalars[index] {
            case "\r" where next < scalars.endIndex && scalars[next] == "\n":
                lines.append(scalars[start..<index])
                start = scalars.index(after: next)
                index = start
                continue
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                lines.append(scalars[start..<index])
                start = next
            default: break
            }
            index = next
        }
        lines.append(scalars[start...])
        self.lines = lines
    }

    /// A line's text, from 1; empty behind the last.
    func line(_ number: Int) -> String {
        lines.indices.contains(number - 1) ? String(lines[number - 1]) : ""
    }

    /// What stands at a place and behind it on its line.
    func rest(from mark: SourceMark) -> String {
        lines.indices.contains(mark.line - 1) ? String(lines[mark.line - 1].dropFirst(mark.column - 1)) : ""
    }

    /// Where the text next occurs from the place on, and on how many lines at most it is looked for.
    func find(_ text: String, from start: SourceMark, occurrence: Int = 0, lines limit: Int = .max) -> SourceMark? {
        let wanted = Array(text.unicodeScalars)
        var left = occurrence
        for number in (start.line - 1)..<max(start.line - 1, min(lines.count, limit == .max ? lines.count : start.line - 1 + limit)) {
            let line = Array(lines[number])
            var column = number == start.line - 1 ? start.column - 1 : 0
            while column + wanted.count <= line.count {
                if line[column..<column + wanted.count].elementsEqual(wanted) {
                    if left == 0 { return SourceMark(line: number + 1, column: column + 1) }
                    left -= 1
                    column += wanted.count
                } else {
                    column += 1
                }
            }
        }
        return nil
    }

    func diagnostic(_ message: String, at mark: SourceMark, severity: Diagnostic.Severity = .error) -> Diagnostic {
        Diagnostic(severity: severity, file: path, mark: mark, message: message, sourceLine: line(mark.line))
    }
}
