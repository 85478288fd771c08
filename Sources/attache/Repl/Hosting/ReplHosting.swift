import BotHost
import ConnectWire
import LocalConnect
import Logging
import Participant
import Transport

/// Runs the local participant service and the bots beside a REPL.
struct ReplHosting: Sendable {
    let bots: [Bot]
    let modules: ModuleHost
    let store: Store
    let http: CurlHTTPClient
    /// Of the local service, but for the quotas and the flows.
    let configuration: LocalConnect.Configuration
    /// Off unless told otherwise: nobody types faster than a service allows, but pastes are.
    let quotas: QuotaChoice?
    let logger: Logger

    /// Until the body is done.
    func run<Value: Sendable>(_ body: @escaping @Sendable (ParticipantAPI, ReplHost) async -> Value) async throws -> Value {
        let door = BotDoor()
        let quotas = quotas ?? .off
        var configuration = configuration
        configuration.rules.quotas = quotas.quotas
        configuration.rules.flows = bots.flows
        let local = try LocalConnect(configuration: configuration, logger: logger, deliver: door.deliver)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await local.run()
                return nil
            }
            let (time, traces) = (SystemTime(), TurnTraces())
            let calls = CallLog(http, time: time)
            let endpoint = try Endpoint(parsing: await local.endpoint)
            let server = BotServer(
                bots: bots,
                store: store,
                modules: modules,
                api: ParticipantAPI(endpoint: endpoint, http: calls, time: time, pacer: Pacer(quotas: quotas.pace), logger: logger),
                sockets: NIOWebSocketClient(),
                trace: traces.note,
                logger: logger
            )
            let host = ReplHost(
                local: local,
                server: server,
                files: BotFiles(modules: modules),
                traces: traces,
                calls: calls,
                bots: bots
            )
            let api = ParticipantAPI(endpoint: endpoint, http: http, time: time, pacer: Pacer(quotas: quotas.pace), logger: logger)
            await door.open(server)
            group.addTask {
                try await server.run()
                return nil
            }
            group.addTask { await body(api, host) }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw CommandFailure(.failed, "the local service ended")
        }
    }
}
