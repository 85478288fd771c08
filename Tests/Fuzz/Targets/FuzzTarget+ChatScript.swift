extension FuzzTarget {
    static let chatScript = FuzzTarget("chat-script", "the lines of .chat files", tokens: scriptTokens) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        do throws(ScriptMistakes) {
            let script = try ChatScript(text: text, path: "fuzz.chat")
            for step in script.steps {
                requireSame(step.command) { try CommandParser.parse(step.text) ?? .quit }
            }
        } catch {
            require(!error.mistakes.isEmpty && !error.description.isEmpty, "refused without a reason")
        }
    }

    private static let scriptTokens =
        CommandReference.all.map(\.example) + CommandReference.all.map { "\\\($0.name) " } + [
            "\"", "\\", "\\\n", "\n", "/", "\\/", "# ", "--as ", "--role agent", "--attributes {", "}", "within ", "next ", "nothing for ",
            "1h",
            "99999999999999999999h", "0.5s", " > ", "\r\n", "\u{301}",
        ]
}
