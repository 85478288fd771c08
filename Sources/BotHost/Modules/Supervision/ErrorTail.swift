import ConnectWire
import Logging
import NIOCore
import Participant
import Synchronization
import Transport

/// The last lines that a module wrote to its standard error output, for whoever wonders why it fails.
final class ErrorTail: Sendable {
    fileprivate struct State {
        var assembler = LineAssembler(limit: 1 << 20)
        var lines: [String] = []
        /// Of what is logged.
        var logging: TokenBucket
        var pace: OutputPace
    }

    fileprivate static let count = 20
    private static let width = 500
    /// Of what comes at once, no more is looked at than its last lines, and of those no more than this.
    private static let blockLimit = 16 << 10
    private static let logged = Quota(rate: 20, burst: 100)

    private let state: Mutex<State>
    private let isFlooding = Watched(false)
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
        state = Mutex(State(logging: TokenBucket(Self.logged, at: time.uptime), pace: OutputPace(at: time.uptime)))
    }

    var lines: [String] { state.withLock { $0.lines } }

    /// Takes a block, and returns when the next may be read.
    func append(_ block: ByteBuffer) async {
        let now = time.uptime
        let (logged, delay) = state.withLock { state in
            (state.take(Self.end(of: block), at: now, text: text), state.pace.take(block.readableBytes, at: now))
        }
        for line in logged { logger.debug("\(line)", metadata: ["module": "\(module)"]) }
        guard let delay else { return isFlooding.change { $0 = true } }
        // Not until the module is given up: what it has left in the pipe is read then, and it is gone.
        if delay > .zero, !isFlooding.value { try? await time.sleep(for: delay) }
    }

    /// Returns never.
    /// - Throws: ``ModuleFailure/broken(_:)`` when the module floods its standard error output.
    func watchForFlood() async throws {
        try await isFlooding.first { $0 }
        throw ModuleFailure.broken("it floods its standard error output with \(OutputPace.limit)")
    }

    /// The last lines of a block.
    private static func end(of block: ByteBuffer) -> ByteBuffer {
        let bytes = block.readableBytesView.suffix(blockLimit)
        var start = bytes.endIndex
        // With the break before them, which ends the line that came in part.
        for _ in 0...count {
            guard let found = bytes[..<start].lastIndex(of: UInt8(ascii: "\n")) else { return ByteBuffer(bytes) }
            start = found
        }
        return ByteBuffer(bytes[start...])
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

extension ErrorTail.State {
    /// - Returns: The new lines that are to be logged.
    fileprivate mutating func take(_ end: ByteBuffer, at now: Duration, text: (LineAssembler.Line) -> String) -> [String] {
        assembler.append(end)
        var new: [String] = []
        while let line = assembler.next() { new.append(text(line)) }
        lines = (lines + new).suffix(ErrorTail.count)
        return new.filter { _ in
            guard logging.reserve(at: now) > .zero else { return true }
            logging.giveBack()
            return false
        }
    }
}
