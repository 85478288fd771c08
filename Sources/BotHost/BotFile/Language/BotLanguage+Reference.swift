extension BotLanguage {
    /// The tables of the README, in Markdown.
    package static var reference: [String] {
        [
            table("trigger (`when:`)", "when", triggers),
            table("filter", "fits if", filters),
            table("step", "does", steps),
            table("beside any step", "means", modifiers),
            table("condition", "holds if", conditions),
            table("beside `mcp` or `library`", "means", moduleOptions),
            table("beside `mcp` alone", "means", processOptions),
            table("`{{value \\| ...}}`", "gives", templateFilters),
        ]
    }

    private static func table(_ left: String, _ right: String, _ words: [Word]) -> String {
        (["| \(left) | \(right) |", "|---|---|"] + words.map { "| `\($0.usage)` | \($0.summary) |" }).joined(separator: "\n")
    }
}
