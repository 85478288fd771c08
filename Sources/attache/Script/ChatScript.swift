/// A `.chat` file: lines as typed in the REPL.
struct ChatScript {
    let path: String
    let steps: [Step]

    struct Step {
        /// From 1.
        var line: Int
        var text: String
        var command: Command
    }

    /// Where its paths are relative to.
    var folder: String {
        guard let slash = path.lastIndex(of: "/") else { return "." }
        return slash == path.startIndex ? "/" : String(path[..<slash])
    }

    /// - Parameter isTest: Whether nobody looks on; then what only shows something is a mistake.
    /// - Throws: ``ScriptMistakes`` with all lines that cannot be understood.
    init(text: String, path: String, isTest: Bool = false) throws(ScriptMistakes) {
        var steps: [Step] = []
        var mistakes: [ScriptMistakes.Mistake] = []
        for (line, text) in Self.logicalLines(of: text) {
            do throws(CommandError) {
                guard let command = try CommandParser.parse(text) else { continue }
                if isTest, command.isForLookers { throw CommandError("this is for the REPL: a test has nobody who looks on") }
                steps.append(Step(line: line, text: text, command: command))
            } catch {
                mistakes.append(.init(line: line, text: text, problem: error.description))
            }
        }
        guard mistakes.isEmpty else { throw ScriptMistakes(path: path, mistakes: mistakes) }
        self.path = path
        self.steps = steps
    }

    /// A line that ends with `\` goes on in the next.
    static func logicalLines(of text: String) -> [(Int, String)] {
        var lines: [(Int, String)] = []
        var open: (Int, String)?
        for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline).enumerated() {
            let goesOn = line.hasSuffix("\\") && !line.hasSuffix("\\\\")
            let content = goesOn ? String(line.dropLast()) : String(line)
            let (number, soFar) = open.map { ($0.0, $0.1 + "\n" + content) } ?? (index + 1, content)
            open = goesOn ? (number, soFar) : nil
            if !goesOn { lines.append((number, soFar)) }
        }
        if let open { lines.append(open) }
        return lines
    }
}

/// Lines that cannot be understood.
struct ScriptMistakes: Error, CustomStringConvertible {
    struct Mistake {
        var line: Int
        var text: String
        var problem: String
    }

    var path: String
    var mistakes: [Mistake]

    var description: String {
        mistakes.map { "\(path):\($0.line): \($0.problem)\n    \($0.text)" }.joined(separator: "\n")
    }
}
