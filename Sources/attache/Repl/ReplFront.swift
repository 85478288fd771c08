import BotHost
import Foundation
import Glibc
import Logging
import Participant
import Transport
import UnixSignals

/// What a REPL is run with: where its lines come from, and where its words go.
struct ReplFront: Sendable {
    let scripts: [(text: String, path: String)]
    let wantsJSON: Bool
    let readsConfiguration: Bool
    let modules: ModuleHost
    let events: ReplEvents

    private var isInteractive: Bool { scripts.isEmpty && isatty(STDIN_FILENO) == 1 && isatty(STDOUT_FILENO) == 1 }

    /// Until the person leaves, or the lines are at their end.
    /// - Returns: What the process is to end with.
    func run(api: ParticipantAPI, receive: ParticipantConnection.Receive, host: ReplHost?) async -> ExitStatus {
        let renderer = TextRenderer(isInteractive: isInteractive, isUnicode: Self.takesUnicode(), timeZone: .current)
        let port = EditorPort { [events] event in events.tell(.input(ReplMachine.Input(event))) }
        let standardInput = isInteractive ? nil : StandardInput()
        let made = MadeFiles()
        defer { made.remove() }
        let commands = ReplCommands(
            service: chatService(api, receive),
            pace: RealPace(time: api.time),
            host: host,
            modules: modules,
            ledger: ItemLedger(),
            recording: Recording(time: api.time),
            made: made,
            show: { [events] output in events.tell(.shown(output)) },
            askForSecret: { prompt in
                if let standardInput { await standardInput.line() } else { await port.askForSecret(prompt) }
            }
        )
        if isInteractive { greet(api, host) }
        var driver = ReplDriver(
            machine: ReplMachine(
                isInteractive: isInteractive,
                settings: Settings(json: wantsJSON, colour: isInteractive && Self.mayColour)
            ),
            commands: commands,
            events: events,
            display: isInteractive ? TerminalDisplay(renderer: renderer, port: port) : PlainDisplay(renderer: renderer),
            input: input(for: commands, port, standardInput),
            time: api.time
        )
        return await watchingSignals(port) { await driver.run() }
    }

    private func chatService(_ api: ParticipantAPI, _ receive: ParticipantConnection.Receive) -> ChatService {
        ChatService(api: api, sockets: NIOWebSocketClient(), cast: Cast(), receive: receive) { [events] person, event in
            switch event {
            case .heard(let items): events.tell(.heard(person, items))
            case .ended(let reason): events.tell(.ended(person, reason: reason))
            }
        }
    }

    private func input(for commands: ReplCommands, _ port: EditorPort, _ standardInput: StandardInput?) -> ReplInput {
        if let standardInput { return scripts.isEmpty ? .lines(standardInput) : .scripts(scripts) }
        return .terminal(
            TerminalInput(
                port: port,
                history: HistoryFile(path: UserFolders.state + "/history"),
                marksPastes: !Self.isDumb,
                startScript: configuration
            ) { line in commands.completionSource.complete(line) }
        )
    }

    private func greet(_ api: ParticipantAPI, _ host: ReplHost?) {
        guard !wantsJSON else { return }
        let names = host?.botNames ?? []
        let start = names.contains("receipts") ? "receipts" : names.first ?? "BOT"
        if host == nil, !api.endpoint.isLoopback {
            events.tell(.shown(.notice("at \(api.endpoint); \\connect --token-file FILE joins a chat, \\help lists the commands")))
        } else {
            let bots = names.isEmpty ? "" : ", with the bots \(names.joined(separator: ", "))"
            events.tell(.shown(.notice("a local service at \(api.endpoint)\(bots)")))
            events.tell(.shown(.notice("\\start \(start) begins a chat; \\help lists the commands; Ctrl-D leaves")))
        }
    }

    /// What the person wants to be done first.
    private var configuration: (text: String, path: String)? {
        let path = UserFolders.configuration + "/replrc"
        guard readsConfiguration, let text = FileManager.default.contents(atPath: path).flatMap({ String(data: $0, encoding: .utf8) })
        else {
            return nil
        }
        return (text: text, path: path)
    }

    private func watchingSignals(_ port: EditorPort, _ body: () async -> ExitStatus) async -> ExitStatus {
        let signals = await UnixSignalsSequence(trapping: .sigint, .sigterm, .sighup, .sigwinch)
        return await withTaskGroup(of: Void.self) { group in
            group.addTask { [events, isInteractive] in
                for await signal in signals {
                    switch signal {
                    case .sigwinch: port.resize()
                    case .sigint where isInteractive: events.tell(.input(.interrupt))
                    default: events.tell(.terminate)
                    }
                }
            }
            defer { group.cancelAll() }
            return await body()
        }
    }

    // MARK: The terminal

    private static var isDumb: Bool {
        let terminal = ProcessInfo.processInfo.environment["TERM"] ?? ""
        return terminal.isEmpty || terminal == "dumb"
    }

    private static var mayColour: Bool {
        !isDumb && (ProcessInfo.processInfo.environment["NO_COLOR"] ?? "").isEmpty
    }

    /// Sets the process to the user's locale, by which libedit draws.
    private static func takesUnicode() -> Bool {
        setlocale(LC_CTYPE, "")
        return nl_langinfo(nl_item(CODESET)).map { String(cString: $0) } == "UTF-8"
    }
}

extension ReplMachine.Input {
    fileprivate init(_ event: EditorPort.Event) {
        self =
            switch event {
            case .line(let line): .line(line)
            case .interrupt: .interrupt
            case .endOfInput: .endOfInput
            }
    }
}
