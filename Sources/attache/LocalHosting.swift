import BotHost
import ConnectWire
import LocalConnect
import Logging
import Participant
import ServiceLifecycle

/// The local participant service and the hosted bots in one process. A chat started with a bot's name as its flow gets that bot.
struct LocalHosting: Service {
    private let local: LocalConnect
    private let door = BotDoor()
    private let host: HostFactory
    private let api: @Sendable (Endpoint) throws -> ParticipantAPI
    private let services: @Sendable (BotServer) throws -> [any Service]
    private let logger: Logger

    /// - Parameter configuration: Of the local service, but for what follows from the other parameters.
    /// - Parameter services: What is to run for a host: itself, and its intake if there is one.
    init(
        host: HostFactory,
        configuration: LocalConnect.Configuration,
        port: Int,
        api: @escaping @Sendable (Endpoint) throws -> ParticipantAPI,
        logger: Logger,
        services: @escaping @Sendable (BotServer) throws -> [any Service]
    ) throws {
        var configuration = configuration
        configuration.port = port
        configuration.rules.flows = host.bots.flows
        local = try LocalConnect(configuration: configuration, logger: logger, deliver: door.deliver)
        self.host = host
        self.api = api
        self.services = services
        self.logger = logger
    }

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await local.run() }
            let endpoint = try Endpoint(parsing: await local.endpoint)
            let host = try host.make(api(endpoint))
            await door.open(host)
            for service in try services(host) { group.addTask { try await service.run() } }
            Terminal.answer("\(endpoint)")
            let bots = self.host.bots.map(\.name).joined(separator: ", ")
            Terminal.tell("local participant service: \(endpoint) (start a chat with one of these as its ContactFlowId: \(bots))")
        }
    }
}
