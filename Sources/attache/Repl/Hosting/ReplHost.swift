import ActionKit
import BotHost
import ConnectWire
import Foundation
import LocalConnect
import Synchronization

/// The local participant service and the bots in this process. A bot is read when a chat is started with it, and again when its file has changed.
final class ReplHost: Sendable {
    let traces: TurnTraces
    let calls: CallLog
    private let local: LocalConnect
    private let server: BotServer
    private let files: BotFiles
    private let known: Mutex<[String: Bot]>

    init(local: LocalConnect, server: BotServer, files: BotFiles, traces: TurnTraces, calls: CallLog, bots: [Bot]) {
        self.local = local
        self.server = server
        self.files = files
        self.traces = traces
        self.calls = calls
        known = Mutex(Dictionary(bots.map { ($0.name, $0) }, uniquingKeysWith: { $1 }))
    }

    /// The bots that can be started, by what is known and what lies about.
    var botNames: [String] {
        let names = (try? FileManager.default.contentsOfDirectory(atPath: "bots")) ?? []
        let files = names.filter { $0.hasSuffix(".yaml") }.map { String($0.dropLast(5)) }
        return Set(files + known.withLock { Array($0.keys) }).sorted()
    }

    var bots: [Bot] { known.withLock { $0.values.sorted { $0.name < $1.name } } }

    /// Sees to it that chats with the bot get it as its file is now.
    /// - Parameter folder: Of the script that asks for it.
    /// - Returns: What is doubtful about the file.
    func serve(_ name: String, beside folder: String) async throws -> [String] {
        guard let path = path(of: name, beside: folder) else {
            let known = botNames
            let hint = nearest(to: name, in: known).map { " Did you mean '\($0)'?" } ?? ""
            throw Problem("there is no bot '\(name)'.\(hint) Known: \(known.isEmpty ? "none" : known.joined(separator: ", "))")
        }
        let reading = try await files.loader.load(path: path)
        guard let bot = reading.bot else {
            let first = reading.diagnostics.first?.summary ?? path
            throw Problem("the bot '\(name)' is not started: \(first)", detail: reading.diagnostics.map(\.description), status: .usage)
        }
        guard bot.name == name else { throw Problem("the bot in \(path) is called '\(bot.name)', not '\(name)'", status: .usage) }
        serve([bot])
        return reading.diagnostics.map(\.summary)
    }

    /// Reads the files of all bots again, and starts modules again that have failed.
    func reload() async throws {
        let readings = try await files.readAll(bots.map(\.path))
        let errors = readings.flatMap(\.diagnostics).filter { $0.severity == .error }
        if let first = errors.first {
            throw Problem("all stays as it was: \(first.summary)", detail: errors.map(\.description), status: .usage)
        }
        serve(readings.compactMap(\.bot))
    }

    private func serve(_ bots: [Bot]) {
        let all = known.withLock { known in
            for bot in bots { known[bot.name] = bot }
            return Array(known.values)
        }
        server.replace(all)
        for bot in bots { local.route(ContactFlowID(bot.name), to: bot.name) }
    }

    private func path(of name: String, beside folder: String) -> String? {
        let named = known.withLock { $0[name]?.path }
        let file = "\(name).yaml"
        let candidates = ["\(folder)/\(file)", named, "bots/\(file)"].compactMap(\.self)
        return candidates.first(where: FileManager.default.fileExists)
    }
}
