import ActionKit
import ArgumentParser
import BotHost
import Foundation
import Logging
import Transport

/// Say all that is wrong with bot files, and start nothing.
struct Check: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Check bot files: all problems of all files at once.",
        discussion: """
            Without arguments, the files of the folder 'bots' are checked. The modules that they name are started, and what the steps do \
            with them is checked. The exit code is 2 if there is an error, 0 if there are only warnings.

            Examples: attache check bots/receipts.yaml
                      attache check --schema > bot.schema.json
            """
    )

    @Argument(help: "Bot files, or folders with some.")
    var bots: [String] = []

    @Flag(help: "Print the problems as one JSON array, for editors.")
    var json = false

    @Flag(help: "Print the JSON Schema of the bot file, and check nothing.")
    var schema = false

    func validate() throws {
        if schema, json || !bots.isEmpty { throw ValidationError("--schema stands alone.") }
    }

    func run() async throws {
        let modules = ModuleHost(logger: Logger(label: "attache") { _ in SwiftLogNoOpLogHandler() })
        if schema { return Terminal.answer(try BotLanguage.schema(actions: modules.builtIn).indented()) }
        let paths = try files()
        let readings = try await modules.running {
            let readings = try await BotFiles(modules: modules, needsModules: true).readAll(paths)
            if !json { for bot in readings.compactMap(\.bot) { list(bot) } }
            return readings
        }
        let diagnostics = readings.flatMap(\.diagnostics)
        if json {
            Terminal.answer(JSON.array(diagnostics.map(\.json)).serialized())
        } else {
            report(diagnostics, in: paths)
        }
        if diagnostics.contains(where: { $0.severity == .error }) { throw CommandFailure(.usage, "") }
    }

    /// What the modules of a bot can do.
    private func list(_ bot: Bot) {
        for module in bot.modules.modules.map(\.state) {
            Terminal.answer(
                "\(bot.path): \(module.name): \(module.actions.isEmpty ? "no actions" : module.actions.joined(separator: ", "))"
            )
        }
        for module in bot.modules.modules.map(\.specification) {
            guard case .mcp = module.kind else { continue }
            if !module.options.isSandboxed {
                Terminal.tell("\(bot.path): \(module.name): runs outside of the sandbox ('sandbox: off')")
            } else if let shortcoming = SandboxSupport.ofThisKernel.shortcoming {
                Terminal.tell("\(bot.path): \(module.name): \(shortcoming)")
            }
        }
    }

    private func report(_ diagnostics: [Diagnostic], in paths: [String]) {
        for diagnostic in diagnostics { Terminal.tell("\(diagnostic)") }
        let errors = diagnostics.count { $0.severity == .error }
        let found = "\(errors.counted("error")), \((diagnostics.count - errors).counted("warning"))"
        Terminal.answer("checked \(paths.count == 1 ? paths[0] : paths.count.counted("bot file")): \(found)")
    }

    // MARK: Which files

    private func files() throws -> [String] {
        let named = try (bots.isEmpty ? ["bots"] : bots).flatMap { path in try isFolder(path) ? files(in: path) : [path] }
        guard !named.isEmpty else {
            throw CommandFailure(
                .usage,
                "no bot file (*.yaml) in \(bots.isEmpty ? "the folder 'bots': name one" : bots.joined(separator: ", "))"
            )
        }
        return named
    }

    private func files(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".yaml") || $0.hasSuffix(".yml") }.sorted()
            .map { folder.hasSuffix("/") ? folder + $0 : "\(folder)/\($0)" }
    }

    private func isFolder(_ path: String) -> Bool {
        var isFolder: ObjCBool = false
        return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
    }
}

extension Int {
    func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}

extension Diagnostic {
    /// A problem with the whole file is at its beginning: editors count from 1.
    fileprivate var json: JSON {
        [
            "file": .string(file),
            "line": .number(JSONNumber(max(1, mark.line))),
            "column": .number(JSONNumber(max(1, mark.column))),
            "severity": .string(severity.rawValue),
            "message": .string(message),
        ]
    }
}

extension JSON {
    /// On several lines, for people.
    func indented() throws -> String {
        let object = try JSONSerialization.jsonObject(with: Data(serialized().utf8))
        let options: JSONSerialization.WritingOptions = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try JSONSerialization.data(withJSONObject: object, options: options), as: UTF8.self)
    }
}
