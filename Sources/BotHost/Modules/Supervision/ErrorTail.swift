import Logging
import NIOCore
import Synchronization
import Transport

/// The last lines that a module wrote to its standard error output, for whoever wonders why it fails.
final class ErrorTail: Sendable {
    private struct State {
        var assembler = LineAssembler(limit: 1 << 20)
        var lines: [String] = []
    }

    private static let count = 20
    private static let width = 500

    private let state = Mutex(State())
    private let module: String
    /// Texts that nobody may see.
    private let secrets: [String]
    private let logger: Logger

    init(module: String, secrets: [String], logger: Logger) {
        self.module = module
        self.secrets = secrets.filter { !$0.isEmpty }
        self.logger = logger
    }

    var lines: [String] { state.withLock { $0.lines } }

    func append(_ block: ByteBuffer) {
        let new = state.withLock { state in
            let new = state.assembler.append(block).suffix(Self.count).map(text)
            state.lines = (state.lines + new).suffix(Self.count)
            return new
        }
        for line in new { logger.debug("\(line)", metadata: ["module": "\(module)"]) }
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
