import ActionKit
import Actions
import Foundation
import GRDB
import Participant
import Transport

@testable import BotHost

/// A bot host with a store in a folder of its own, as `attache run` has it.
struct TestHost: Sendable {
    let service: ChatService
    let folder: TemporaryFolder
    let bots: [Bot]
    let modules: ModuleHost
    let time: any TimeSource

    /// - Parameter bots: YAML texts, each as the file `bot-NUMBER.yaml` in the folder.
    init(
        _ service: ChatService,
        _ bots: String...,
        modules: [Module] = [],
        folder: TemporaryFolder? = nil,
        time: any TimeSource = SystemTime()
    ) throws {
        self.service = service
        let folder = try folder ?? TemporaryFolder()
        self.folder = folder
        let host = ModuleHost(builtIn: [.documents] + modules)
        self.modules = host
        self.time = time
        self.bots = try bots.enumerated().map { number, text in
            let path = "\(folder.path)/bot-\(number).yaml"
            let (definition, diagnostics) = BotFile.load(text: text, path: path, actions: host.builtIn)
            guard let definition else { throw Unexpected(diagnostics.map(\.description).joined(separator: "\n")) }
            return Bot(definition, modules: ModuleCatalog(builtIn: host.builtIn))
        }
    }

    func openStore() throws -> Store {
        try Store(folder: folder.path + "/store")
    }

    func server(_ store: Store) -> BotServer {
        BotServer(
            bots: bots,
            store: store,
            modules: modules,
            api: service.api(time: time),
            sockets: NIOWebSocketClient(),
            logger: .silent
        )
    }

    /// Serves while the body runs; then the sessions are parked, and the store is closed.
    func serve<Value: Sendable>(_ body: (BotServer, Store) async throws -> Value) async throws -> Value {
        let store = try openStore()
        let server = server(store)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            defer { group.cancelAll() }
            return try await body(server, store)
        }
    }

    /// Takes part in one chat until that is over for the bot.
    @discardableResult
    func serve(_ arrival: ChatArrival, _ body: () async throws -> Void = {}) async throws -> SessionEnding {
        let server = server(try openStore())
        return try await withThrowingTaskGroup(of: SessionEnding.self) { group in
            group.addTask { try await server.runOne(arrival) }
            defer { group.cancelAll() }
            try await body()
            guard let ending = try await group.next() else { throw Unexpected("the session gave no ending") }
            return ending
        }
    }
}

extension Store {
    /// How a session ended; nil while it lives.
    func ending(of id: SessionID) async throws -> String? {
        try await read { try String.fetchOne($0, sql: "SELECT ending FROM session WHERE id = ?", arguments: [id.rawValue]) }
    }
}
