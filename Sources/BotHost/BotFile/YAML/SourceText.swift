/// The text of a bot file by lines, as libYAML counts them.
struct SourceText {
    let path: String
    let lines: [Line]

    struct Line {
        /// All diagnostics of the line share it.
        let text: String
        /// For columns: a file may have one long line with a thousand places in it.
        let scalars: [Unicode.Scalar]

        init(_ scalars: Substring.UnicodeScalarView) {
            text = String(scalars)
            self.scalars = Array(scalars)
        }
    }

    init(_ text: String, path: String) {
        self.path = path
        var lines: [Line] = []
        let scalars = text.unicodeScalars
        var start = scalars.startIndex
        var index = start
        while index < scalars.endIndex {
            let next = scalars.index(after: index)
            switch scalars[index] {
            case "\r" where next < scalars.endIndex && scalars[next] == "\n":
                lines.append(Line(scalars[start..<index]))
                start = scalars.index(after: next)
                index = start
                continue
            case "\n", "\r", "\u{85}", "\u{2028}", "\u{2029}":
                lines.append(Line(scalars[start..<index]))
                start = next
            default: break
            }
            index = next
        }
        lines.append(Line(scalars[start...]))
        self.lines = lines
    }

    /// A line's text, from 1; empty behind the last.
    func line(_ number: Int) -> String {
        lines.indices.contains(number - 1) ? lines[number - 1].text : ""
    }

    /// What stands at a place and behind it on its line; of a long line, the beginning of that.
    func rest(from mark: SourceMark) -> String {
        guard lines.indices.contains(mark.line - 1) else { return "" }
        return String(String.UnicodeScalarView(lines[mark.line - 1].scalars.dropFirst(mark.column - 1).prefix(256)))
    }

    /// Where the text occurs from the place on, one behind the other: as many as are wanted, on so many lines at most.
    func places(of text: String, from start: SourceMark, count: Int, lines limit: Int = .max) -> [SourceMark] {
        let wanted = Array(text.unicodeScalars)
        var places: [SourceMark] = []
        let first = start.line - 1
        for number in lines.indices.dropFirst(first).prefix(limit) {
            let line = lines[number].scalars
            var column = number == first ? start.column - 1 : 0
            while places.count < count, column + wanted.count <= line.count {
                if line[column..<column + wanted.count].elementsEqual(wanted) {
                    places.append(SourceMark(line: number + 1, column: column + 1))
                    column += wanted.count
                } else {
                    column += 1
                }
            }
            if places.count == count { break }
        }
        return places
    }

    func diagnostic(_ message: String, at mark: SourceMark, severity: Diagnostic.Severity = .error) -> Diagnostic {
        let mark = within(mark)
        return Diagnostic(severity: severity, file: path, mark: mark, message: message, sourceLine: line(mark.line))
    }

    /// For libYAML, a text without a line break at its end goes on in a line behind its last one.
    private func within(_ mark: SourceMark) -> SourceMark {
        guard mark != .wholeFile else { return mark }
        let line = min(mark.line, lines.count)
        let end = lines[line - 1].scalars.count + 1
        return SourceMark(line: line, column: mark.line > line ? end : min(mark.column, end))
    }
}
