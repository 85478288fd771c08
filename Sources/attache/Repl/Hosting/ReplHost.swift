import ActionKit
import BotHost
import ConnectWire
import Foundation
import LocalConnect
import Logging
import Participant
import Synchronization
import Transport

/// The local participant service and the bots in this process. A bot is read when a chat is started with it, and again when its file has changed.
final class ReplHost: Sendable {
    let server: BotServer
    let traces: TurnTraces
    let calls: CallLog
    private let local: LocalConnect
    private let known: Mutex<[String: Bot]>

    init(local: LocalConnect, server: BotServer, traces: TurnTraces, calls: CallLog, bots: [Bot]) {
        self.local = local
        self.server = server
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
    func serve(_ name: String, beside folder: String) throws {
        guard let path = path(of: name, beside: folder) else {
            let known = botNames
            let hint = nearest(to: name, in: known).map { " Did you mean '\($0)'?" } ?? ""
            throw Problem("there is no bot '\(name)'.\(hint) Known: \(known.isEmpty ? "none" : known.joined(separator: ", "))")
        }
        let reading = BotFiles.read(path)
        guard let bot = reading.bot else {
            let first = reading.diagnostics.first?.summary ?? path
            throw Problem("the bot '\(name)' is not started: \(first)", detail: reading.problems, status: .usage)
        }
        guard bot.name == name else { throw Problem("the bot in \(path) is called '\(bot.name)', not '\(name)'", status: .usage) }
        known.withLock { $0[name] = bot }
        server.serve(bot)
        local.route(ContactFlowID(name), to: name)
    }

    private func path(of name: String, beside folder: String) -> String? {
        let named = known.withLock { $0[name]?.path }
        let file = "\(name).yaml"
        let candidates = ["\(folder)/\(file)", named, "bots/\(file)"].compactMap(\.self)
        return candidates.first(where: FileManager.default.fileExists)
    }
}
