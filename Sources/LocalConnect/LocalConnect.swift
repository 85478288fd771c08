package import ConnectWire
package import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
package import Transport

/// The local participant service: the participant API, the chat part of the control plane, WebSockets and an object store, on one port.
///
/// It serves while ``run()`` runs.
package final class LocalConnect: Service {
    private let configuration: Configuration
    let engine: Engine
    private let router: Router
    let delivery: ArrivalDelivery
    private let address = BoundAddress()
    let logger: Logger
    let storage: Storage
    let time: any TimeSource

    /// Opens the data directory, if there is one.
    /// - Parameter deliver: Where the chats of flows with a bot go.
    /// - Throws: What is wrong with the data directory.
    package init(
        configuration: Configuration = Configuration(),
        time: any TimeSource = SystemTime(),
        logger: Logger = Logger(label: "local"),
        random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator(),
        deliver: ChatDelivery? = nil
    ) throws {
        self.configuration = configuration
        let access = AccessRules(
            hosts: configuration.allowedHosts + [AllowedHost(configuration.host)].compactMap(\.self),
            origins: configuration.allowedOrigins
        )
        self.logger = logger
        self.time = time
        storage = try Storage(configuration.storage)
        if let warning = storage.warning { logger.warning("\(warning)") }
        let state = try storage.restore(
            ServiceState(rules: configuration.rules, key: storage.key, random: random),
            at: Timestamp(time.now)
        ) { logger.error("a record is damaged; all else goes on without it", metadata: ["record": "\($0)"]) }
        engine = Engine(state: state, journal: storage.journal, time: time, logger: logger)
        let objects = ObjectRequests(engine: engine, store: storage.objects, signer: URLSigner(key: storage.key), logger: logger)
        router = Router(access: access, engine: engine, objects: objects, admin: AdminAPI(engine: engine), logger: logger)
        delivery = ArrivalDelivery(engine: engine, deliver: deliver, time: time, logger: logger)
    }

    /// The URL under which clients reach the service, for example `http://127.0.0.1:8080`. Waits until it listens.
    package var endpoint: String {
        get async throws { try await address.value }
    }

    /// From now on, a chat that is started with the flow gets the bot.
    package func route(_ flow: ContactFlowID, to bot: String) {
        engine.withState { state, _ in state.rules.flows[flow] = bot }
    }

    /// Serves until the task is cancelled or the service group shuts down gracefully.
    package func run() async throws {
        defer { storage.close() }
        do {
            try await withThrowingTaskGroup { group in
                let server = try HTTPServer(router: router, engine: engine, logger: logger)
                    .service(host: configuration.host, port: configuration.port, group: MultiThreadedEventLoopGroup.singleton) { channel in
                        self.isBound(port: channel.localAddress?.port ?? self.configuration.port)
                    }
                group.addTask { try await self.engine.run() }
                group.addTask { await self.delivery.run() }
                group.addTask { try await server.run() }
                group.addTask {
                    // A shutdown waits for the calls in flight, but not for a client that never finishes.
                    try await gracefulShutdown()
                    try await self.time.sleep(for: .seconds(5))
                }
                // Whoever ends first, on purpose or not, ends the service.
                try await group.next()
                group.cancelAll()
            }
        } catch {
            address.settle(.failure(error))
            throw error
        }
        address.settle(.failure(CancellationError()))
    }

    /// Answers one request without a socket.
    package func respond(to request: ServiceRequest) async -> ServiceReply {
        await router.reply(to: request)
    }

    private func isBound(port: Int) {
        // Nobody can connect to a wildcard address.
        let host = ["0.0.0.0", "::"].contains(configuration.host) ? "127.0.0.1" : configuration.host
        isBound(at: "http://\(host.contains(":") ? "[\(host)]" : host):\(port)")
    }

    func isBound(at endpoint: String) {
        engine.withState { state, _ in state.endpoint = endpoint }
        address.settle(.success(endpoint))
    }
}
