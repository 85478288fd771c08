package import ActionKit

/// Reads bot files.
package enum BotFile {
    /// The bot that the text describes, and everything that is wrong with it; no bot if any of that is an error.
    ///
    /// - Parameters:
    ///   - path: Names the file in diagnostics and logs.
    ///   - actions: What steps may call, by full name (`documents.receipt`). The actions of modules that the file itself
    ///     names may be missing; their steps are then read unchecked.
    package static func load(
        text: String,
        path: String,
        actions: [String: Action]
    ) -> (definition: BotDefinition?, diagnostics: [Diagnostic]) {
        // libYAML takes a byte order mark for a letter once it has been told the encoding.
        let yaml = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        let source = SourceText(yaml, path: path)
        let (root, problems) = YAMLDocument.read(yaml, source)
        guard let root else { return (nil, problems) }
        var reader = BotReader(source: source, actions: actions.mapValues(\.parameters), diagnostics: problems)
        let definition = reader.bot(root, text: text)
        let diagnostics = reader.diagnostics.sorted { $0.mark < $1.mark }
        return (diagnostics.contains { $0.severity == .error } ? nil : definition, diagnostics)
    }
}
