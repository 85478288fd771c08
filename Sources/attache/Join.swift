import ArgumentParser
import BotHost
import ConnectWire
import Foundation
import Logging
import Participant
import ServiceLifecycle
import Transport

/// One bot into one chat.
struct Join: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Send one bot into one chat, and stay until it is over.",
        discussion: """
            The participant token is what StartChatContact or CreateParticipant answered. It is read from a file or, with '-', from \
            standard input, never from the command line, which others can see.

            Example: attache join bots/receipts.yaml --participant-token-file token.txt --region eu-west-2
            """
    )

    @Argument(help: "The bot file.")
    var bot: String

    @Option(help: ArgumentHelp("The file with the participant token; '-' for standard input.", valueName: "file"))
    var participantTokenFile: String

    @Option(help: "The participant's id, where it is known: the bot then knows its own messages from the start.")
    var participantID: String?

    @Option(help: "The bot's own part in the chat: CUSTOM_BOT (the default), CUSTOMER or AGENT.", transform: ParticipantRole.init(ofBot:))
    var role = ParticipantRole.customBot

    @OptionGroup var service: ServiceOptions
    @OptionGroup var storage: StoreOptions
    @OptionGroup var logging: LoggingOptions

    func run() async throws {
        let logger = try logging.logger("attache")
        let endpoint = try service.resolveEndpoint()
        let receive = try service.receiveMode()
        let modules = ModuleHost(keepingBack: [storage.store, participantTokenFile], logger: logger)
        try await modules.running {
            let bot = try await BotFiles(modules: modules).load([bot])[0]
            try await join(bot, modules, at: endpoint, receive, logger)
        }
    }

    private func join(
        _ bot: Bot,
        _ modules: ModuleHost,
        at endpoint: Endpoint,
        _ receive: ParticipantConnection.Receive,
        _ logger: Logger
    ) async throws {
        let arrival = ChatArrival(
            bot: bot.name,
            participantID: participantID.map(ParticipantID.init(_:)),
            participantToken: try readToken(),
            role: role
        )
        let http = CurlHTTPClient()
        let api = try service.api(endpoint: endpoint, http: http, time: SystemTime(), logger: logger)
        try await storage.withPrivate { store in
            let host = BotServer(
                bots: [bot],
                store: store,
                modules: modules,
                api: api,
                sockets: NIOWebSocketClient(),
                receive: receive,
                logger: logger
            )
            let outcome = JoinOutcome()
            try await ServiceGroup.run([OneChat(host: host, arrival: arrival, outcome: outcome)], closing: http, logger: logger)
            if case .refused(let reason)? = await outcome.ending {
                throw CommandFailure(.connection, "the service refused the connection: \(reason)")
            }
        }
    }

    private func readToken() throws -> ParticipantToken {
        let text =
            participantTokenFile == "-"
            ? String(decoding: FileHandle.standardInput.readDataToEndOfFile(), as: UTF8.self)
            : try SecretFile.read(participantTokenFile, for: "--participant-token-file")
        guard let token = ParticipantToken(validating: text) else {
            throw CommandFailure(.usage, "\(participantTokenFile) does not hold a participant token: one word of 1 to 1,000 characters")
        }
        return token
    }
}

/// A session as the one service of a process.
private struct OneChat: Service {
    let host: BotServer
    let arrival: ChatArrival
    let outcome: JoinOutcome

    func run() async throws {
        await outcome.set(
            try await cancelWhenGracefulShutdown {
                do {
                    return try await host.runOne(arrival)
                } catch is CancellationError {
                    return nil
                }
            }
        )
    }
}

private actor JoinOutcome {
    private(set) var ending: SessionEnding?

    func set(_ ending: SessionEnding?) {
        self.ending = ending
    }
}

extension ParticipantRole {
    fileprivate init(ofBot text: String) throws {
        self = try OptionValue.named(text, among: [.customBot, .customer, .agent], by: \.rawValue)
    }
}
