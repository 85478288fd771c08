import Actions
import BotHost
import Foundation

/// The bots that a command line names.
enum BotFiles {
    static let modules = ModuleCatalog(builtIn: [.documents])

    /// A file as it was read: a bot, unless one of the diagnostics is an error.
    struct Reading {
        let bot: Bot?
        let diagnostics: [Diagnostic]

        /// For people, with the line and a caret.
        var problems: [String] { diagnostics.map(\.description) }
    }

    static func read(_ path: String) -> Reading {
        guard let text = FileManager.default.contents(atPath: path).flatMap({ String(data: $0, encoding: .utf8) }) else {
            let problem = "there is no such file, or it is not a text in UTF-8"
            return Reading(bot: nil, diagnostics: [Diagnostic(file: path, mark: .wholeFile, message: problem, sourceLine: "")])
        }
        let (definition, diagnostics) = BotFile.load(text: text, path: path, actions: modules.actions)
        let missing = definition.map(modules(missingFor:)) ?? []
        return Reading(bot: missing.isEmpty ? definition.map(Bot.init) : nil, diagnostics: diagnostics + missing)
    }

    /// Reads all files, and prints all that is wrong with any of them.
    /// - Throws: ``CommandFailure`` when a file is not accepted; nothing has been started then.
    static func load(_ paths: [String]) throws -> [Bot] {
        let readings = readAll(paths)
        for problem in readings.flatMap(\.problems) { Terminal.tell(problem) }
        let errors = readings.flatMap(\.diagnostics).count { $0.severity == .error }
        guard errors == 0 else { throw CommandFailure(.usage, "\(errors) error\(errors == 1 ? "" : "s"); nothing was started") }
        return readings.compactMap(\.bot)
    }

    /// Reads files that are to be hosted together.
    static func readAll(_ paths: [String]) -> [Reading] {
        var readings: [Reading] = []
        var owners: [String: String] = [:]
        for path in paths {
            let reading = read(path)
            guard let bot = reading.bot, let owner = owners.updateValue(path, forKey: bot.name) else {
                readings.append(reading)
                continue
            }
            let problem = "\(owner) and \(path) are both named '\(bot.name)'; a bot's name must be its own"
            let diagnostic = Diagnostic(file: path, mark: .wholeFile, message: problem, sourceLine: "")
            readings.append(Reading(bot: nil, diagnostics: reading.diagnostics + [diagnostic]))
        }
        return readings
    }

    /// What the file needs and this program cannot load.
    private static func modules(missingFor definition: BotDefinition) -> [Diagnostic] {
        definition.modules.map { module in
            let carrier =
                switch module.kind {
                case .mcp: "an MCP server"
                case .library: "a native library"
                }
            let problem = "the module '\(module.name)' is \(carrier), which this version cannot load: it has the built-in actions only"
            return definition.diagnostic(problem, at: module.mark)
        }
    }
}
