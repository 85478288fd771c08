import Logging
import NIOCore
import Transport

/// What a server writes to its standard output: lines for the conversation, and what is none of its business, within bounds.
struct MCPOutput {
    let module: String
    let conversation: MCPConversation
    let time: any TimeSource
    let logger: Logger
    private var lines = LineAssembler(limit: MCPConversation.lineLimit)
    private var pace: OutputPace
    /// In a row.
    private var badLines = 0

    private static let badLineLimit = 20

    init(module: String, conversation: MCPConversation, time: any TimeSource, logger: Logger) {
        self.module = module
        self.conversation = conversation
        self.time = time
        self.logger = logger
        pace = OutputPace(at: time.uptime)
    }

    /// Takes a block, and returns when the next may be read.
    /// - Throws: ``ModuleFailure/broken(_:)`` when the server is to be given up.
    mutating func append(_ block: ByteBuffer) async throws {
        lines.append(block)
        while let line = lines.next() {
            switch conversation.take(line) {
            case .answer:
                badLines = 0
            case .noise:
                try await slowDown(for: line.length)
            case .unreadable(let start):
                try note(badLine: start)
                try await slowDown(for: line.length)
            }
        }
        if lines.isSkipping { try await slowDown(for: block.readableBytes) }
    }

    private mutating func slowDown(for bytes: Int) async throws {
        guard let delay = pace.take(bytes, at: time.uptime) else {
            throw ModuleFailure.broken("it floods its standard output with \(OutputPace.limit) that nobody asked for")
        }
        if delay > .zero { try await time.sleep(for: delay) }
    }

    private mutating func note(badLine start: String) throws(ModuleFailure) {
        badLines += 1
        logger.warning(
            "a module printed what is no message to its standard output",
            metadata: ["module": "\(module)", "line": "\(start)"]
        )
        guard badLines < Self.badLineLimit else {
            throw .broken("it printed \(badLines) lines in a row to its standard output that are no messages")
        }
    }
}

extension LineAssembler.Line {
    fileprivate var length: Int {
        switch self {
        case .whole(let bytes): bytes.readableBytes
        case .tooLong: MCPConversation.lineLimit
        }
    }
}
