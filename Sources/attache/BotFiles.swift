import Actions
import BotHost
import Foundation
import Logging
import Transport

/// The bots that a command line names.
struct BotFiles: Sendable {
    let loader: BotLoader

    /// - Parameter needsModules: Whether a module that does not run is an error.
    init(modules: ModuleHost, needsModules: Bool = false) {
        loader = BotLoader(modules: modules, needsModules: needsModules)
    }

    /// Looks at the files alone, so that nothing has been started or made for one that is wrong.
    /// - Throws: ``CommandFailure``, once all that is wrong has been printed.
    func refuseWrong(_ paths: [String]) throws {
        let diagnostics = Self.owningNames(zip(paths, paths.map(loader.glance))).flatMap(\.diagnostics)
        let errors = diagnostics.count { $0.severity == .error }
        guard errors > 0 else { return }
        for diagnostic in diagnostics { Terminal.tell("\(diagnostic)") }
        throw CommandFailure(.usage, "\(errors) error\(errors == 1 ? "" : "s"); nothing was started")
    }

    /// Reads all files, starts the modules that they name, and prints all that is wrong with any of them.
    /// - Throws: ``CommandFailure`` when a file is not accepted; no bot is served then.
    func load(_ paths: [String]) async throws -> [Bot] {
        let readings = try await readAll(paths)
        let diagnostics = readings.flatMap(\.diagnostics)
        for diagnostic in diagnostics { Terminal.tell("\(diagnostic)") }
        let errors = diagnostics.count { $0.severity == .error }
        guard errors == 0 else { throw CommandFailure(.usage, "\(errors) error\(errors == 1 ? "" : "s"); nothing was started") }
        return readings.compactMap(\.bot)
    }

    /// Reads files that are to be hosted together.
    func readAll(_ paths: [String]) async throws -> [BotLoader.Reading] {
        Self.owningNames(zip(paths, try await loadAll(paths)))
    }

    /// The readings, with an error for each bot whose name another one has.
    private static func owningNames(_ all: some Sequence<(String, BotLoader.Reading)>) -> [BotLoader.Reading] {
        var readings: [BotLoader.Reading] = []
        var owners: [String: String] = [:]
        for (path, reading) in all {
            guard let bot = reading.bot, let owner = owners.updateValue(path, forKey: bot.name) else {
                readings.append(reading)
                continue
            }
            let problem = "\(owner) and \(path) are both named '\(bot.name)'; a bot's name must be its own"
            let diagnostic = Diagnostic(file: path, mark: .wholeFile, message: problem, sourceLine: "")
            readings.append(BotLoader.Reading(bot: nil, diagnostics: reading.diagnostics + [diagnostic]))
        }
        return readings
    }

    /// Side by side, since a module may take its time to start.
    private func loadAll(_ paths: [String]) async throws -> [BotLoader.Reading] {
        try await withThrowingTaskGroup(of: (Int, BotLoader.Reading).self) { group in
            for (index, path) in paths.enumerated() { group.addTask { (index, try await loader.load(path: path)) } }
            return try await group.reduce(into: []) { $0.append($1) }.sorted { $0.0 < $1.0 }.map(\.1)
        }
    }
}

extension ModuleHost {
    /// With the actions that this program brings.
    /// - Parameter paths: What no module has, beside what the user's own folders and the environment name.
    convenience init(
        keeper: ChildKeeper = ChildKeeper(),
        libraries: NativeLibraries = NativeLibraries(),
        keepingBack paths: [String?] = [],
        logger: Logger
    ) {
        self.init(
            builtIn: [.documents],
            keeper: keeper,
            libraries: libraries,
            keepingBack: Self.secrets + paths.compactMap(\.self),
            logger: logger
        )
    }

    /// - Parameter store: The folder of a store, in which modules leave their files.
    convenience init(inStore store: String, keepingBack paths: [String?], logger: Logger) {
        self.init(
            builtIn: [.documents],
            folder: store + "/modules",
            keepingBack: Self.secrets + [store] + paths.compactMap(\.self),
            groups: ControlGroups.ofThisProcess(),
            logger: logger
        )
    }

    /// Where stores, keys, secrets and what somebody typed are, as far as that is known without the command line.
    private static var secrets: [String] {
        let variables = ["STORE", "KEY_FILE", "NEW_KEY_FILE", "INTAKE_SECRET_FILE"]
        return [UserFolders.state, UserFolders.configuration, NSHomeDirectory() + "/.aws"] + variables.compactMap { Environment[$0] }
    }
}
