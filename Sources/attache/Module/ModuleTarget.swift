import ActionKit
import ArgumentParser
import BotHost
import Foundation
import Logging

/// The module that a command line names: a command, a library, or the modules of a bot file.
struct ModuleTarget: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "A command in quotes ('python3 server.py'), a native library (its name or path), or a bot file.",
            valueName: "command, library or bot file"
        )
    )
    var target: String

    @Option(help: ArgumentHelp("Which module of the bot file.", valueName: "name"))
    var module: String?

    @Option(help: "What the module logs meanwhile: trace to critical.", transform: OptionValue.named)
    var logLevel: Logger.Level? = nil

    /// Starts what is named, and runs the body when each module is up, or has failed.
    func withModules<Value: Sendable>(_ body: ([SupervisedModule]) async throws -> Value) async throws -> Value {
        let level = logLevel ?? .critical
        let logger = Logger(label: "attache") { LineLogHandler(label: $0, level: level, format: .text) }
        let host = ModuleHost(logger: logger)
        return try await host.running {
            let catalog = try catalog(of: host)
            // Its modules run while it is held, and an optimiser lets go of what is not named again.
            defer { withExtendedLifetime(catalog) {} }
            try await catalog.settle()
            return try await body(catalog.modules)
        }
    }

    /// As ``withModules(_:)``, for exactly one that is up.
    func withModule<Value: Sendable>(_ body: (SupervisedModule) async throws -> Value) async throws -> Value {
        try await withModules { modules in
            guard modules.count == 1 else {
                let names = modules.map(\.name).joined(separator: ", ")
                throw CommandFailure(.usage, "\(target) has the modules \(names): name one with --module")
            }
            if let problem = modules[0].problem { throw CommandFailure(.failed, problem) }
            return try await body(modules[0])
        }
    }

    private func catalog(of host: ModuleHost) throws -> ModuleCatalog {
        if target.hasSuffix(".yaml") || target.hasSuffix(".yml") { return try catalog(ofBotFile: host) }
        guard module == nil else { throw ValidationError("--module is for bot files.") }
        let words = Self.words(in: target)
        guard let first = words.first else { throw ValidationError("Name a command, a library or a bot file.") }
        // A path that does not say that it is a library is a program's.
        let isLibrary = words.count == 1 && (first.hasSuffix(".so") || !first.contains("/") && ModuleHost.hasLibrary(named: first))
        let name = words.last.map { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent } ?? first
        let reference = ModuleReference(name: name, kind: isLibrary ? .library(first) : .mcp(words))
        return host.catalog(of: [reference], in: ".")
    }

    private func catalog(ofBotFile host: ModuleHost) throws -> ModuleCatalog {
        guard let data = FileManager.default.contents(atPath: target) else {
            throw CommandFailure(.usage, "\(target): there is no such file, or it cannot be read")
        }
        let (definition, diagnostics) = BotFile.load(text: String(decoding: data, as: UTF8.self), path: target, actions: host.builtIn)
        guard let definition else { throw CommandFailure(.usage, diagnostics.map(\.description).joined(separator: "\n")) }
        let references = definition.modules.filter { module == nil || $0.name == module }
        guard !references.isEmpty else {
            let names = definition.modules.map(\.name)
            let known = names.joined(separator: ", ")
            let meant = module.flatMap { nearest(to: $0, in: names) }.map { "; did you mean '\($0)'?" } ?? ""
            throw CommandFailure(
                .usage,
                "\(target) has no module\(module.map { " '\($0)'" } ?? "")\(known.isEmpty ? "" : "; it has \(known)")\(meant)"
            )
        }
        return host.catalog(of: references, in: Bot.folder(of: target))
    }

    /// Splits at spaces that are not within quotes.
    static func words(in text: String) -> [String] {
        var words: [String] = []
        var word: String?
        var quote: Character?
        for character in text {
            if character == quote {
                quote = nil
            } else if quote == nil, character == "'" || character == "\"" {
                quote = character
                word = word ?? ""
            } else if quote == nil, character.isWhitespace {
                if let complete = word { words.append(complete) }
                word = nil
            } else {
                word = (word ?? "") + String(character)
            }
        }
        return words + (word.map { [$0] } ?? [])
    }
}

extension SupervisedModule {
    /// Why it cannot be called; nil where it can.
    var problem: String? {
        let state = state
        return state.phase == .ready ? nil : "the module '\(state.name)' is not running: \(state.reason ?? "it is still being started")"
    }
}
