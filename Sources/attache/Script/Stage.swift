import BotHost
import ConnectWire
import Foundation
import LocalConnect
import Logging
import Participant
import Transport

/// Everything that a chat script plays on: the local service, the bots, and the people in the chats. One process, no sockets, virtual time.
final class Stage: Sendable {
    let time: SimulatedTime
    let service: ChatService
    private let bots: [Bot]
    private let store: Store

    private init(time: SimulatedTime, service: ChatService, bots: [Bot], store: Store) {
        self.time = time
        self.service = service
        self.bots = bots
        self.store = store
    }

    /// When the virtual clock starts, so that a golden file with times in it stays the same.
    static let start = Date(timeIntervalSince1970: 1_767_225_600)  // 2026-01-01T00:00:00Z

    /// Sets the stage for bots, runs the body, and clears it away.
    static func set<Value: Sendable>(
        for bots: [Bot],
        modules: ModuleHost,
        trace: Session.Trace? = nil,
        logger: Logger,
        _ body: @escaping @Sendable (Stage) async throws -> Value
    ) async throws -> Value {
        let folder = try ScratchFolder(for: "stage")
        defer { folder.remove() }
        return try await SimulatedTime.run(from: start) { time in
            try await play(bots, modules, trace: trace, spool: folder.path + "/spool", time: time, logger: logger, body)
        }
    }

    private static func play<Value: Sendable>(
        _ bots: [Bot],
        _ modules: ModuleHost,
        trace: Session.Trace?,
        spool: String,
        time: SimulatedTime,
        logger: Logger,
        _ body: @escaping @Sendable (Stage) async throws -> Value
    ) async throws -> Value {
        let door = BotDoor()
        var configuration = LocalConnect.Configuration()
        configuration.rules.quotas = .off
        configuration.rules.scan.delay = .zero
        configuration.rules.flows = bots.flows
        let local = try LocalConnect(configuration: configuration, time: time, logger: logger, deliver: door.deliver)
        let api = ParticipantAPI(
            endpoint: try Endpoint(parsing: LocalConnect.inMemoryEndpoint),
            http: local.inMemoryHTTP,
            time: time,
            pacer: .off,
            logger: logger
        )
        let store = try Store(inMemoryWithSpoolIn: spool, time: time)
        let server = BotServer(
            bots: bots,
            store: store,
            modules: modules,
            api: api,
            sockets: local.inMemorySockets,
            trace: trace,
            logger: logger
        )
        let service = ChatService(api: api, sockets: local.inMemorySockets, cast: Cast())
        let stage = Stage(time: time, service: service, bots: bots, store: store)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await local.runInMemory()
                return nil
            }
            group.addTask {
                await door.open(server)
                try await server.run()
                return nil
            }
            group.addTask {
                await service.cast.run()
                return nil
            }
            group.addTask { try await body(stage) }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw ScriptProblem("the stage was left before the play was over")
        }
    }

    /// What the bot of a contact waits for; nil where it has none, or has left.
    func whatBotAwaits(in contact: ContactID) async -> String? {
        guard let session = try? await store.liveSessions().first(where: { $0.contactID == contact }),
            let bot = bots.first(where: { $0.name == session.bot })
        else { return nil }
        return Dialogue(definition: bot.definition, role: session.role).whatIsAwaited(in: session.dialogue)
    }
}
