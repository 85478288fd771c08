import ConnectWire
import Logging
import NIOCore
import Participant
import Synchronization
import Transport

/// The last lines that a module wrote to its standard error output, for whoever wonders why it fails.
final class ErrorTail: Sendable {
    private struct State {
        var assembler = LineAssembler(limit: 1 << 20)
        var lines: [String] = []
        var pace: TokenBucket
    }

    private static let count = 20
    private static let width = 500
    /// Of what comes at once, no more is looked at: a flood of errors costs no more than its reading.
    private static let blockLimit = 16 << 10
    private static let logged = Quota(rate: 20, burst: 100)

    private let state: Mutex<State>
    private let module: String
    /// Texts that nobody may see.
    private let secrets: [String]
    private let time: any TimeSource
    private let logger: Logger

    init(module: String, secrets: [String], time: any TimeSource, logger: Logger) {
        self.module = module
        self.secrets = secrets.filter { !$0.isEmpty }
        self.time = time
        self.logger = logger
        state = Mutex(State(pace: TokenBucket(Self.logged, at: time.uptime)))
    }

    var lines: [String] { state.withLock { $0.lines } }

    func append(_ block: ByteBuffer) {
        let end = block.getSlice(
            at: block.writerIndex - min(block.readableBytes, Self.blockLimit),
            length: min(block.readableBytes, Self.blockLimit)
        )
        let now = time.uptime
        let logged = state.withLock { state in
            state.assembler.append(end ?? block)
            var new: [String] = []
            while let line = state.assembler.next() { new.append(text(line)) }
            state.lines = (state.lines + new).suffix(Self.count)
            return new.suffix(Self.count).filter { _ in
                guard state.pace.reserve(at: now) > .zero else { return true }
                state.pace.giveBack()
                return false
            }
        }
        for line in logged { logger.debug("\(line)", metadata: ["module": "\(module)"]) }
    }

    private func text(_ line: LineAssembler.Line) -> String {
        let bytes =
            switch line {
            case .whole(let bytes), .tooLong(let bytes): bytes
            }
        // What is cut off was not looked at, so secrets go first; a line is long only by mistake.
        var text = String(decoding: bytes.readableBytesView.prefix(8 * Self.width), as: UTF8.self)
        for secret in secrets { text = text.split(separator: secret, omittingEmptySubsequences: false).joined(separator: "***") }
        return String(text.prefix(Self.width))
    }
}
