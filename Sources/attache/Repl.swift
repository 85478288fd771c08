import ActionKit
import ArgumentParser
import BotHost
import Foundation
import LocalConnect
import Logging
import Participant
import Transport

/// Drive sessions by hand.
struct Repl: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Drive chats by hand: start them, speak, send files, look closer, and keep what happened as a test.",
        discussion: """
            With --local, which is what it does when nothing says where the service is, the local participant service and the bots run \
            in this process. What is typed is what a chat script contains; \\help lists the commands. Without a terminal, and with -f or \
            -c, it stops at the first error.

            Examples:
              attache repl --local
              attache repl --local -c '\\start echo' -c hello -c '\\expect "You said: hello"'
              attache repl --region eu-west-2
            """
    )

    @Argument(help: "Bot files for --local; those in bots/ are found by themselves.")
    var bots: [String] = []

    @Flag(help: "Run the local participant service and the bots in this process.")
    var local = false

    @Option(
        name: [.customShort("f"), .long],
        help: ArgumentHelp("Do the lines of a file, then leave. May be repeated.", valueName: "file")
    )
    var file: [String] = []

    @Option(name: [.customShort("c"), .long], help: ArgumentHelp("Do these lines, then leave. May be repeated.", valueName: "lines"))
    var command: [String] = []

    @Flag(help: "One JSON object a line, for programs.")
    var json = false

    @Flag(help: "Print the JSON Schema of what --json prints, and leave.")
    var schema = false

    @Flag(help: "Do not read ~/.config/attache/replrc first.")
    var noRc = false

    @OptionGroup var localService: LocalServiceOptions
    @OptionGroup var service: ServiceOptions
    @OptionGroup var storage: StoreOptions

    @Option(help: "What is told of the log: trace to critical. [ATTACHE_LOG_LEVEL]", transform: OptionValue.named)
    var logLevel: Logger.Level? = nil

    func validate() throws {
        if local, service.endpoint != nil || service.region != nil {
            throw ValidationError("--local brings its own service: leave out --endpoint and --region.")
        }
        if localService.isUsed, !isLocal {
            throw ValidationError("--allow-host, --allow-origin and --strict-types are for the local service: add --local.")
        }
        if !bots.isEmpty, !isLocal { throw ValidationError("Bot files are for --local; elsewhere, 'attache run' hosts them.") }
        if !file.isEmpty, !command.isEmpty {
            throw ValidationError("Use -f or -c, not both; \\source FILE in -c does the lines of a file.")
        }
    }

    private var isLocal: Bool {
        local || (service.endpoint ?? Environment["ENDPOINT"] ?? service.region ?? Environment["REGION"]) == nil
    }

    func run() async throws {
        if schema { return Terminal.answer(try EventSchema.schema.json.indented()) }
        let scripts = try readScripts()
        let events = ReplEvents()
        let level = try logLevel ?? Environment.value("LOG_LEVEL", OptionValue.named) ?? .warning
        let logger = Logger(label: "attache") { _ in NoticeLogHandler(level: level) { events.tell(.shown(.notice($0))) } }
        let http = CurlHTTPClient()
        let status: ExitStatus
        do {
            status = try await converse(scripts, events: events, http: http, logger: logger)
        } catch {
            await http.shutdown()
            throw error
        }
        await http.shutdown()
        if status != .done { throw CommandFailure(status, "") }
    }

    private func converse(
        _ scripts: [(text: String, path: String)],
        events: ReplEvents,
        http: CurlHTTPClient,
        logger: Logger
    ) async throws -> ExitStatus {
        let modules = ModuleHost(keepingBack: [storage.store], logger: logger)
        let front = ReplFront(scripts: scripts, wantsJSON: json, readsConfiguration: !noRc, modules: modules, events: events)
        guard isLocal else {
            let endpoint = try service.resolveEndpoint()
            let api = try service.api(endpoint: endpoint, http: http, time: SystemTime(), logger: logger)
            return await front.run(api: api, receive: try service.receiveMode(), host: nil)
        }
        return try await modules.running {
            let bots = try await BotFiles(modules: modules).load(bots)
            return try await storage.withPrivate { store in
                let hosting = ReplHosting(
                    bots: bots,
                    modules: modules,
                    store: store,
                    http: http,
                    configuration: localService.configuration,
                    quotas: service.quotas,
                    logger: logger
                )
                return try await hosting.run { api, host in await front.run(api: api, receive: .websocket, host: host) }
            }
        }
    }

    /// What -f and -c name; nothing where somebody types.
    private func readScripts() throws -> [(text: String, path: String)] {
        let files = try file.map { path in
            guard let text = FileManager.default.contents(atPath: path).flatMap({ String(data: $0, encoding: .utf8) }) else {
                throw CommandFailure(.usage, "\(path): there is no such file, or it is not a text in UTF-8")
            }
            return (text: text, path: path)
        }
        return command.isEmpty ? files : [(text: command.joined(separator: "\n"), path: "-c")]
    }
}
