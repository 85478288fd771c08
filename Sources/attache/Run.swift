import ArgumentParser
import BotHost
import ConnectWire
import Foundation
import LocalConnect
import Logging
import Participant
import ServiceLifecycle
import Transport

/// Host bots.
struct Run: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Host bots; chats arrive through the intake.",
        discussion: """
            With --local, a local participant service runs in the same process, and a chat started there with a bot's name as its \
            ContactFlowId gets that bot. Without it, a flow's Lambda posts {bot, contactId, participantId, participantToken} to the \
            intake: POST /v1/chats with 'Authorization: Bearer SECRET'.

            Example: attache run bots/receipts.yaml --local --port 8080
            """
    )

    @Argument(help: "Bot files.")
    var bots: [String]

    @Flag(help: "Run the local participant service in the same process.")
    var local = false

    @Option(help: "The port of the local service; 0, which is the default, for any that is free.", transform: OptionValue.port)
    var port = 0

    @Option(help: ArgumentHelp("Where the intake listens. [ATTACHE_INTAKE]", valueName: "host:port"))
    var intake: String?

    @Option(help: ArgumentHelp("The file with the intake's secret. [ATTACHE_INTAKE_SECRET_FILE]", valueName: "file"))
    var intakeSecretFile: String?

    @Option(
        help: ArgumentHelp(
            "For how long files are kept after their session has ended, for example 30d. [ATTACHE_KEEP_FILES]",
            valueName: "age"
        ),
        transform: OptionValue.age
    )
    var keepFiles: Duration? = nil

    @OptionGroup var localService: LocalServiceOptions
    @OptionGroup var service: ServiceOptions
    @OptionGroup var storage: StoreOptions
    @OptionGroup var logging: LoggingOptions

    func validate() throws {
        _ = try timeToKeepFiles()
        guard !bots.isEmpty else { throw ValidationError("Name at least one bot file.") }
        if local, service.endpoint != nil || service.region != nil {
            throw ValidationError("--local brings its own service: leave out --endpoint and --region.")
        }
        if !local, localService.isUsed {
            throw ValidationError("--allow-host, --allow-origin and --strict-types are for the local service: add --local.")
        }
    }

    func run() async throws {
        let logger = try logging.logger("attache")
        let intake = try intakeAddress()
        let endpoint = local ? nil : try service.resolveEndpoint()
        if !local, intake == nil { throw ValidationError("Without --local, chats arrive through the intake: name --intake HOST:PORT.") }
        let modules = ModuleHost(inStore: storage.lastingFolder, keepingBack: [intakeSecretFile], logger: logger)
        let files = BotFiles(modules: modules)
        try files.refuseWrong(bots)
        let store = try storage.openLasting()
        try await modules.running {
            try await modules.clearLeftovers()
            let host = HostFactory(
                bots: try await files.load(bots),
                modules: modules,
                store: store,
                receive: try service.receiveMode(),
                keepFiles: try timeToKeepFiles(),
                logger: logger
            )
            try await serve(host, files, at: endpoint, intake: intake, logger: logger)
        }
    }

    private func serve(_ host: HostFactory, _ files: BotFiles, at endpoint: Endpoint?, intake: IntakeAddress?, logger: Logger) async throws
    {
        let http = CurlHTTPClient()
        let api: @Sendable (Endpoint) throws -> ParticipantAPI = { endpoint in
            try service.api(endpoint: endpoint, http: http, time: SystemTime(), logger: logger)
        }
        let services: @Sendable (BotServer) throws -> [any Service] = { server in
            try hosting(server, on: host.store, intake: intake, logger: logger) + [
                BotReloader(paths: bots, files: files, server: server, logger: logger)
            ]
        }
        if let endpoint {
            try await ServiceGroup.run(services(host.make(api(endpoint))), closing: http, logger: logger)
        } else {
            let local = try LocalHosting(
                host: host,
                configuration: localService.configuration,
                port: port,
                api: api,
                logger: logger,
                services: services
            )
            try await ServiceGroup.run([local], closing: http, logger: logger)
        }
    }

    /// The host, the door for commands, and the intake where one is asked for. They are stopped in the reverse order.
    private func hosting(_ host: BotServer, on store: Store, intake: IntakeAddress?, logger: Logger) throws -> [any Service] {
        let keeper = StoreKeeper(store, running: host.running, now: { Date() })
        let services: [any Service] = [host, ControlSocket(keeper, folder: store.folder, logger: logger)]
        guard let intake else { return services }
        let door = Intake(host: host, secret: intake.secret, address: (intake.host, intake.port), logger: logger) { port in
            Terminal.tell("intake: http://\(intake.host):\(port)/v1/chats")
        }
        return services + [door]
    }

    private func timeToKeepFiles() throws -> Duration {
        try keepFiles ?? Environment.value("KEEP_FILES", OptionValue.age) ?? .zero
    }

    private struct IntakeAddress {
        var host: String
        var port: Int
        var secret: IntakeSecret
    }

    private func intakeAddress() throws -> IntakeAddress? {
        guard let text = intake ?? Environment["INTAKE"] else { return nil }
        guard let colon = text.lastIndex(of: ":"), colon > text.startIndex,
            let port = try? OptionValue.port(String(text[text.index(after: colon)...]))
        else {
            throw ValidationError("--intake takes HOST:PORT, for example 127.0.0.1:8090, with a port from 0 to 65535; it was '\(text)'.")
        }
        guard let path = intakeSecretFile ?? Environment["INTAKE_SECRET_FILE"] else {
            throw ValidationError("The intake needs its secret: name --intake-secret-file FILE.")
        }
        let secret = try SecretFile.read(path, for: "--intake-secret-file").trimmingCharacters(in: .whitespacesAndNewlines)
        guard let secret = IntakeSecret(secret) else {
            let remedy = "(umask 077; openssl rand -hex 32 > \(path))"
            throw CommandFailure(.usage, "\(path) holds less than 16 characters; make one with: \(remedy)")
        }
        return IntakeAddress(host: String(text[..<colon]), port: port, secret: secret)
    }
}

/// Makes the host once it is known where the service is.
struct HostFactory: Sendable {
    let bots: [Bot]
    let modules: ModuleHost
    let store: Store
    let receive: ParticipantConnection.Receive
    let keepFiles: Duration
    let logger: Logger

    func make(_ api: ParticipantAPI) -> BotServer {
        BotServer(
            bots: bots,
            store: store,
            modules: modules,
            api: api,
            sockets: NIOWebSocketClient(),
            receive: receive,
            keepFiles: keepFiles,
            logger: logger
        )
    }
}
