package import ActionKit

/// Reads bot files.
package enum BotFile {
    /// The bot that the text describes, and everything that is wrong with it; no bot if any of that is an error.
    ///
    /// - Parameters:
    ///   - path: Names the file in diagnostics and logs.
    ///   - actions: The built-in ones, by full name (`documents.receipt`).
    ///   - modules: The parameters of the actions of modules that the file itself names, by module and action. One may be missing; its steps
    ///     are then read unchecked.
    package static func load(
        text: String,
        path: String,
        actions: [String: Action],
        modules: [String: [String: Schema]] = [:]
    ) -> (definition: BotDefinition?, diagnostics: [Diagnostic]) {
        // libYAML takes a byte order mark for a letter once it has been told the encoding.
        let yaml = text.unicodeScalars.first == "\u{FEFF}" ? String(text.unicodeScalars.dropFirst()) : text
        let source = SourceText(yaml, path: path)
        let (root, problems) = YAMLDocument.read(yaml, source)
        guard let root else { return (nil, problems) }
        var reader = BotReader(source: source, actions: actions.mapValues(\.parameters), modules: modules, diagnostics: problems)
        let definition = reader.bot(root, text: text)
        let diagnostics = reader.diagnostics.sorted { $0.mark < $1.mark }
        return (diagnostics.contains { $0.severity == .error } ? nil : definition, listed(diagnostics, path))
    }

    /// More than anybody reads at once. Each is shown with its line, so that a file of one long line could say gigabytes.
    private static let diagnosticLimit = 1000

    private static func listed(_ diagnostics: [Diagnostic], _ path: String) -> [Diagnostic] {
        guard diagnostics.count > diagnosticLimit else { return diagnostics }
        let listed = diagnostics.prefix(diagnosticLimit)
        let rest = "\(diagnostics.count - diagnosticLimit) more problems are not listed"
        let severity: Diagnostic.Severity = diagnostics[diagnosticLimit...].contains { $0.severity == .error } ? .error : .warning
        return listed + [Diagnostic(severity: severity, file: path, mark: .wholeFile, message: rest, sourceLine: "")]
    }
}
