import BotHost
import Foundation

/// The scripts that a command line names, and where their bots are.
struct ScriptFiles: Sendable {
    let paths: [String]
    /// Bot files named on the command line.
    private let bots: [String]

    init(paths: [String], filter: String?) throws {
        var scripts: [String] = []
        var bots: [String] = []
        for path in paths {
            var isFolder: ObjCBool = false
            guard FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) else {
                throw CommandFailure(.usage, "\(path): there is no such file or folder")
            }
            if isFolder.boolValue {
                let names = try FileManager.default.subpathsOfDirectory(atPath: path)
                scripts += names.filter { $0.hasSuffix(".chat") }.sorted().map { path.hasSuffix("/") ? path + $0 : "\(path)/\($0)" }
            } else if path.hasSuffix(".yaml") || path.hasSuffix(".yml") {
                bots.append(path)
            } else {
                scripts.append(path)
            }
        }
        self.paths = scripts.filter { path in filter.map(path.contains) ?? true }
        self.bots = bots
    }

    /// The bots that a script starts.
    /// - Throws: ``ScriptProblem`` that names the bot that is not found, or says what is wrong with its file.
    func bots(of script: ChatScript, loader: BotLoader) async throws -> [BotLoader.Reading] {
        var names: [String] = []
        for case .start(let name, _, _) in script.steps.map(\.command) where !names.contains(name) { names.append(name) }
        var readings: [BotLoader.Reading] = []
        for name in names {
            let named = bots.filter { URL(fileURLWithPath: $0).deletingPathExtension().lastPathComponent == name }
            let candidates = ["\(script.folder)/\(name).yaml"] + named + ["bots/\(name).yaml"]
            guard let path = candidates.first(where: FileManager.default.fileExists) else {
                throw ScriptProblem("there is no bot '\(name)': looked for \(candidates.joined(separator: ", "))")
            }
            let reading = try await loader.load(path: path)
            guard let bot = reading.bot else { throw ScriptProblem(reading.diagnostics.map(\.description).joined(separator: "\n")) }
            guard bot.name == name else { throw ScriptProblem("the bot in \(path) is called '\(bot.name)', not '\(name)'") }
            readings.append(reading)
        }
        return readings
    }
}
