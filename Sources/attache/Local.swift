import ActionKit
import ArgumentParser
import ConnectWire
import Foundation
import LocalConnect
import Logging
import ServiceLifecycle
import Transport

/// The local participant service alone.
struct Local: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Serve the participant API, a chat control plane, WebSockets and an object store on this machine.",
        discussion: """
            Unmodified boto3, AWS CLI and ChatJS talk to it: name its address as their endpoint. It follows the documented validation, \
            quotas, lifetimes and attachment rules. When it is ready it prints its address, alone, on standard output.

            Examples:
              attache local --port 8080
              attache local --port 8080 --data ./chats --quotas off
              attache local --port 8080 --flow receipts --intake http://127.0.0.1:8090 --intake-secret-file secret

            The admin API under /local/ lists contacts, adds agents, ends contacts and sets faults; it is described in README.

            So that no web page of another site can use it, it answers only to requests whose Host is localhost or a loopback address (or \
            what --host and --allow-host name) and to pages of this machine (or of what --allow-origin names).
            """
    )

    @Option(help: "The port to listen on; 0, which is the default, for any that is free.", transform: OptionValue.port)
    var port = 0

    @Option(help: "The address to listen on. Everybody who reaches it can start chats, so keep it on the loopback.")
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("Keep everything in this folder (SQLite and files); without it, all is gone at the end.", valueName: "dir"))
    var data: String?

    @Option(
        help: ArgumentHelp(
            "How often each API may be called: documented, off, or a JSON file like {\"SendMessage\": {\"rate\": 20, \"burst\": 30}}.",
            valueName: "off|file"
        ),
        transform: QuotaChoice.init
    )
    var quotas = QuotaChoice.documented

    @Option(
        help: ArgumentHelp(
            "A flow and its bot: a chat started with this ContactFlowId, or with the bot's name, gets that bot. May be repeated.",
            valueName: "id=bot|bot"
        )
    )
    var flow: [Flow] = []

    @Option(
        help: ArgumentHelp("Where a bot host takes chats (its --intake), for example http://127.0.0.1:8090.", valueName: "url"),
        transform: OptionValue.httpURL
    )
    var intake: String? = nil

    @Option(help: ArgumentHelp("The file with the intake's secret.", valueName: "file"))
    var intakeSecretFile: String?

    @Option(
        help: ArgumentHelp(
            "A JSON file with faults, for example [{\"operation\": \"SendMessage\", \"status\": 503}, {\"fault\": \"break-upload\"}].",
            valueName: "file"
        )
    )
    var faults: String?

    @Flag(help: "Refuse Type WEBSOCKET to a CUSTOM_BOT, which then has to poll.")
    var refuseBotWebsocket = false

    @Option(
        help: ArgumentHelp("How long the scanner takes for a file, in seconds; 0.1 by default.", valueName: "seconds"),
        transform: OptionValue.seconds(0...60)
    )
    var scanDelay = 0.1

    @Option(help: ArgumentHelp("Reject files whose name contains this, whatever the case. May be repeated.", valueName: "text"))
    var scanReject = ["eicar"]

    @Option(
        help: ArgumentHelp(
            "How long client tokens are remembered, in seconds; 3600 by default. The service does not document it.",
            valueName: "seconds"
        ),
        transform: OptionValue.whole(0...604_800)
    )
    var clientTokenMemory = 3600

    @Option(
        help: "Where GetTranscript shows receipts: message (as the model has it, the default), or item (as ChatJS reads them).",
        transform: OptionValue.named
    )
    var receipts = ReceiptPlace.message

    @Option(
        help: "The greatest length of a message: documented (1,024 for text; the default), or a number of characters for all types.",
        transform: MessageLengthChoice.init
    )
    var messageLength = MessageLengthChoice.documented

    @OptionGroup var localService: LocalServiceOptions
    @OptionGroup var logging: LoggingOptions

    func validate() throws {
        if !flow.isEmpty, intake == nil { throw ValidationError("--flow needs --intake URL: somewhere to send its chats.") }
        if intake != nil, intakeSecretFile == nil { throw ValidationError("--intake needs --intake-secret-file FILE.") }
    }

    func run() async throws {
        let logger = try logging.logger("local")
        let http = CurlHTTPClient()
        let intake = try makeIntake(http)
        let configuration = try serviceConfiguration()
        let service: LocalConnect
        do {
            service = try LocalConnect(configuration: configuration, logger: logger, deliver: intake.map { $0.deliver })
        } catch let error as DataDirectoryError {
            throw CommandFailure(.failed, "\(error)")
        }
        do {
            try await ServiceGroup.run([AnnouncedService(service: service, summary: summary)], closing: http, logger: logger)
        } catch {
            throw CommandFailure(.failed, "the local service on \(host):\(port) ended: \(error)")
        }
    }

    private func serviceConfiguration() throws -> LocalConnect.Configuration {
        var configuration = localService.configuration
        configuration.host = host
        configuration.port = port
        configuration.storage = data.map(StorageChoice.directory) ?? .memory
        configuration.rules.quotas = quotas.quotas
        for flow in flow {
            configuration.rules.flows[ContactFlowID(flow.bot)] = flow.bot
        }
        for flow in flow {
            configuration.rules.flows[ContactFlowID(flow.id)] = flow.bot
        }
        configuration.rules.customBotMayUseWebSocket = !refuseBotWebsocket
        configuration.rules.scan.delay = .milliseconds(Int(scanDelay * 1000))
        configuration.rules.scan.rejectedNames = scanReject
        configuration.rules.transcriptReceipts = receipts == .message ? .inMessage : .asItems
        configuration.rules.messageLength = messageLength.length
        configuration.rules.lifetimes.clientToken = .seconds(clientTokenMemory)
        configuration.rules.faults = try readFaults()
        return configuration
    }

    private func readFaults() throws -> [Fault] {
        guard let faults else { return [] }
        guard let data = FileManager.default.contents(atPath: faults) else {
            throw CommandFailure(.usage, "\(faults): there is no such file, or it cannot be read (--faults)")
        }
        do {
            return try Fault.list(json: Array(data))
        } catch let fault as ServiceFault {
            throw CommandFailure(.usage, "\(faults): \(fault.message) (--faults)")
        }
    }

    private func makeIntake(_ http: CurlHTTPClient) throws -> Intake? {
        guard let intake, let path = intakeSecretFile else { return nil }
        let secret = try SecretFile.read(path, for: "--intake-secret-file").trimmingCharacters(in: .whitespacesAndNewlines)
        guard !secret.isEmpty else { throw CommandFailure(.usage, "\(path) is empty (--intake-secret-file)") }
        return Intake(url: intake, secret: Secret(secret), http: http)
    }

    private var summary: [String] {
        let flows = flow.map { $0.id == $0.bot ? $0.bot : "\($0.id)=\($0.bot)" }.joined(separator: ", ")
        return [
            "data: \(data ?? "in memory, gone at the end")",
            "quotas: \(quotas.text)",
            flow.isEmpty ? "flows: none (chats come without a bot)" : "flows: \(flows), delivered to \(intake ?? "")",
        ]
    }
}

/// Serves, and says so once it does.
private struct AnnouncedService: Service {
    let service: LocalConnect
    let summary: [String]

    func run() async throws {
        try await withThrowingDiscardingTaskGroup { group in
            group.addTask { try await service.run() }
            // If there is no endpoint, the service has said why.
            if let endpoint = try? await service.endpoint { announce(endpoint) }
        }
    }

    private func announce(_ endpoint: String) {
        Terminal.tell("local participant service: \(endpoint)")
        Terminal.tell("  participant API and control plane, WebSockets under /ws, objects under /objects/, admin API under /local/")
        for line in summary { Terminal.tell("  \(line)") }
        Terminal.answer(endpoint)
    }
}

/// A flow on the command line.
struct Flow: ExpressibleByArgument {
    let id: String
    let bot: String

    init?(argument: String) {
        let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
        guard parts.allSatisfy({ !$0.isEmpty }), let id = parts.first, let bot = parts.last else { return nil }
        self.id = id
        self.bot = bot
    }
}

enum ReceiptPlace: String, CaseIterable, Sendable {
    case message
    case item
}

struct MessageLengthChoice: Sendable {
    let length: MessageLength

    static let documented = Self(length: .documented)

    private init(length: MessageLength) {
        self.length = length
    }

    init(_ argument: String) throws {
        if argument == "documented" {
            self = .documented
        } else if let number = try? OptionValue.whole(1...16_384)(argument) {
            self.init(length: .uniform(number))
        } else {
            let meant = nearest(to: argument, in: ["documented"]).map { "did you mean '\($0)'? " } ?? ""
            throw ValidationError("\(meant)It can be: documented, or a whole number from 1 to 16384.")
        }
    }
}
