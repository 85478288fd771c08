import ActionKit

extension CommandReference {
    /// - Parameter name: Nil for all commands.
    /// - Returns: Nil when there is no such command.
    static func help(on name: String?) -> Answer? {
        guard let name else { return overview }
        let bare = name.hasPrefix("\\") ? String(name.dropFirst()) : name
        guard let command = find(bare) else { return nil }
        return Answer(
            command: "help",
            lines: ["  \(command.usage)", "  \(command.summary)", "  Example: \(command.example)"],
            value: command.json
        )
    }

    private static var overview: Answer {
        let width = (all.map(\.name.count).max() ?? 0) + 2
        var lines = ["Plain text speaks. A line that begins with \\ is a command; \\\\ says a text that begins with one."]
        for (title, commands) in sections {
            lines.append("\(title):")
            lines += commands.map { "  \\\($0.name.padded(to: width))\($0.summary)" }
        }
        lines.append("A line that ends with \\ goes on in the next. Tab completes. \\help COMMAND shows an example.")
        return Answer(command: "help", lines: lines, value: .array(all.map(\.json)))
    }

    private var json: JSON {
        ["name": .string(name), "usage": .string(usage), "summary": .string(summary), "example": .string(example)]
    }
}

extension Problem {
    static func noCommand(_ name: String) -> Problem {
        let known = CommandReference.all.map(\.name)
        let hint = nearest(to: String(name.trimmingPrefix("\\")), in: known).map { "did you mean '\\\($0)'?" } ?? "\\help lists them"
        return Problem("there is no command '\(name)'; \(hint)")
    }
}
