public import FoundationEssentials
import Synchronization

/// Serves a module as an MCP server over a pair of file descriptors: one JSON-RPC message a line, calls side by side.
///
/// Most programs call ``Module/serve()``, which does this over standard input and output.
public struct ModuleServer: Sendable {
    /// Bytes of one message.
    public static let longestLine = 8 << 20
    /// How many calls run at a time; further ones are refused.
    public static let mostCalls = 64

    private let module: Module
    private let input: Int32
    private let output: Int32
    private let now: @Sendable () -> Date
    private let log: @Sendable (ActionContext.LogLevel, String) -> Void

    /// - Parameters:
    ///   - input: Where requests come from. It stays the caller's to close.
    ///   - output: Where answers go, and nothing else may. It stays the caller's to close.
    ///   - now: The time for calls that do not say what time it is.
    ///   - log: Gets what actions log.
    public init(
        _ module: Module,
        input: Int32,
        output: Int32,
        now: @escaping @Sendable () -> Date,
        log: @escaping @Sendable (ActionContext.LogLevel, String) -> Void
    ) {
        self.module = module
        self.input = input
        self.output = output
        self.now = now
        self.log = log
    }

    /// Serves until the input ends. Calls that are running then are cancelled.
    ///
    /// - Throws: ``ActionError`` if serving cannot begin.
    public func run() async throws {
        let reader = try LineReader(input, limit: Self.longestLine)
        let service = Service(module, LineWriter(output), now, log)
        await withDiscardingTaskGroup { group in
            for await line in reader.lines {
                for effect in service.receive(line) {
                    switch effect {
                    case .send(let message): await service.send(message)
                    case .cancel(let number): service.signals.cancel(number)
                    case .start(let call, let number):
                        let signal = service.signals.signal(number)
                        group.addTask { await service.perform(call, number, until: signal) }
                    }
                }
                reader.taken()
            }
            group.cancelAll()
        }
    }
}

/// What the calls of one server share.
private final class Service: Sendable {
    let signals = CallSignals()
    private let machine: Mutex<ServerMachine>
    private let writer: LineWriter
    private let now: @Sendable () -> Date
    private let log: @Sendable (ActionContext.LogLevel, String) -> Void

    init(
        _ module: Module,
        _ writer: LineWriter,
        _ now: @escaping @Sendable () -> Date,
        _ log: @escaping @Sendable (ActionContext.LogLevel, String) -> Void
    ) {
        machine = Mutex(ServerMachine(module: module, limit: ModuleServer.mostCalls))
        self.writer = writer
        self.now = now
        self.log = log
    }

    func receive(_ line: LineSplitter.Line) -> [ServerMachine.Effect] {
        machine.withLock { $0.receive(line) }
    }

    func send(_ message: RPCMessage?) async {
        guard let message else { return }
        await writer.write(message.json.serialized())
    }

    func perform(_ call: PreparedCall, _ number: UInt64, until signal: CallSignals.Signal) async {
        let outcome = await signals.run(until: signal) {
            await call.outcome(
                now: self.now(),
                progress: { text in await self.send(self.machine.withLock { $0.progress(number, text) }) },
                log: self.log
            )
        }
        await send(machine.withLock { $0.finish(number, outcome ?? .cancelled) })
    }
}
