import ActionKit
import Foundation

/// Makes bots of bot files: reads them, starts the modules that they name, and checks what they do with those.
package struct BotLoader: Sendable {
    package let modules: ModuleHost
    /// Whether a module that does not run is an error. A host goes without it: its steps fail until it is up.
    private let needsModules: Bool

    /// A module that starts slowly keeps no bot from being served. What it can do is then not checked.
    private static let patience = Duration.seconds(5)

    package init(modules: ModuleHost, needsModules: Bool = false) {
        self.modules = modules
        self.needsModules = needsModules
    }

    /// A file as it was read: a bot, unless one of the diagnostics is an error.
    package struct Reading: Sendable {
        package let bot: Bot?
        package let diagnostics: [Diagnostic]

        package init(bot: Bot?, diagnostics: [Diagnostic]) {
            self.bot = bot
            self.diagnostics = diagnostics
        }
    }

    package func load(path: String) async throws -> Reading {
        guard let text = Self.text(at: path) else { return Reading(bot: nil, diagnostics: [Self.unreadable(path)]) }
        return try await load(text: text, path: path)
    }

    /// A file as far as it can be read without its modules, which are not started.
    package func glance(path: String) -> Reading {
        guard let text = Self.text(at: path) else { return Reading(bot: nil, diagnostics: [Self.unreadable(path)]) }
        let (definition, diagnostics) = BotFile.load(text: text, path: path, actions: modules.builtIn)
        return Reading(bot: definition.map { Bot($0) }, diagnostics: diagnostics)
    }

    private static func text(at path: String) -> String? {
        FileManager.default.contents(atPath: path).flatMap { String(data: $0, encoding: .utf8) }
    }

    private static func unreadable(_ path: String) -> Diagnostic {
        Diagnostic(file: path, mark: .wholeFile, message: "there is no such file, or it is not a text in UTF-8", sourceLine: "")
    }

    /// - Parameter path: Where the text is from: paths in it are relative to that.
    /// - Throws: `CancellationError`.
    package func load(text: String, path: String) async throws -> Reading {
        let (definition, diagnostics) = BotFile.load(text: text, path: path, actions: modules.builtIn)
        guard let definition else { return Reading(bot: nil, diagnostics: diagnostics) }
        guard !definition.modules.isEmpty else {
            return Reading(bot: Bot(definition, modules: ModuleCatalog(builtIn: modules.builtIn)), diagnostics: diagnostics)
        }
        let catalog = modules.catalog(of: definition.modules, in: Bot.folder(of: path))
        try await catalog.settle(within: needsModules ? nil : Self.patience)
        let (checked, findings) = BotFile.load(text: text, path: path, actions: modules.builtIn, modules: catalog.schemas)
        let missing = definition.modules.compactMap { problem(with: $0, in: catalog, definition) }
        let all = (findings + missing).sorted { $0.mark < $1.mark }
        let isRefused = all.contains { $0.severity == .error }
        return Reading(bot: isRefused ? nil : checked.map { Bot($0, modules: catalog) }, diagnostics: all)
    }

    private func problem(with reference: ModuleReference, in catalog: ModuleCatalog, _ definition: BotDefinition) -> Diagnostic? {
        guard let module = catalog.modules.first(where: { $0.name == reference.name }) else { return nil }
        let state = module.state
        guard state.phase != .ready else {
            guard let missing = module.listing?.missing, !missing.isEmpty else { return nil }
            let problem = "the module '\(reference.name)' has no action \(missing.joined(separator: ", ")), which 'tools' allows"
            return definition.diagnostic(problem, at: reference.mark).asWarning
        }
        let problem = "the module '\(reference.name)' is not running: \(state.reason ?? "it is still being started")"
        let diagnostic = definition.diagnostic(problem, at: reference.mark)
        return needsModules ? diagnostic : diagnostic.asWarning
    }
}
