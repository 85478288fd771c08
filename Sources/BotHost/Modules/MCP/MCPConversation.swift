package import ActionKit
import Foundation
package import Logging
import NIOCore
import Synchronization
package import Transport

/// What is said between the host and one process of an MCP server, from the first question on.
package final class MCPConversation: Sendable {
    /// Told when the server can be called, and again when its actions have changed. What it throws ends the conversation.
    typealias OnReady = @Sendable (MCPConnection) throws -> Void

    private let module: String
    private let options: ModuleOptions
    private let spool: String
    private let time: any TimeSource
    private let logger: Logger
    private let peer: RPCPeer
    private let listChanges = Watched(0)
    private let probing = Mutex(true)

    static let lineLimit = 8 << 20
    private static let checkInterval = Duration.seconds(30)

    /// - Parameter send: Takes a message for the server; false when it takes no more.
    package init(
        module: String,
        options: ModuleOptions,
        spool: String,
        time: any TimeSource,
        logger: Logger,
        send: @escaping @Sendable (RPCMessage) -> Bool
    ) {
        self.module = module
        self.options = options
        self.spool = spool
        self.time = time
        self.logger = logger
        peer = RPCPeer(send: send)
    }

    /// Whether the server is still being asked for the newer protocol. Some die of that.
    var isProbing: Bool { probing.withLock { $0 } }

    /// Finds out how the server is spoken to and what it can do, then sees to it that it stays so.
    func run(_ choice: ModuleOptions.EraChoice, onReady: @escaping OnReady) async throws {
        let handshake = MCPHandshake(peer: peer, time: time, startTime: options.startTime)
        let start = time.uptime
        let era = try await handshake.era(choice)
        probing.withLock { $0 = false }
        // What is left of the time to start is also for the first list.
        let left = max(MCPHandshake.answerTime, options.startTime - (time.uptime - start))
        let connection = MCPConnection(peer: peer, era: era, listing: try await listing(handshake, era, within: left), spool: spool)
        try onReady(connection)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await self.followChanges(handshake, era, connection, onReady) }
            group.addTask { try await self.checkLiveness(era) }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// The server has gone, or is given up: its open calls fail with the reason.
    func close(_ reason: ModuleFailure) {
        peer.close(reason)
    }

    private func listing(
        _ handshake: MCPHandshake,
        _ era: MCPEra,
        within limit: Duration = MCPHandshake.answerTime
    ) async throws -> ToolListing {
        let listing = try await handshake.tools(in: era, within: limit).allowing(options.tools)
        for oddity in listing.oddities { logger.warning("a module is odd", metadata: ["module": "\(module)", "reason": "\(oddity)"]) }
        return listing
    }

    private func followChanges(
        _ handshake: MCPHandshake,
        _ era: MCPEra,
        _ connection: MCPConnection,
        _ onReady: @escaping OnReady
    ) async throws {
        var known = 0
        while true {
            known = try await listChanges.first { [known] in $0 > known }
            connection.replace(try await listing(handshake, era))
            try onReady(connection)
        }
    }

    /// A server that has nothing to do must answer; a busy one is left alone.
    private func checkLiveness(_ era: MCPEra) async throws {
        while true {
            try await time.sleep(for: Self.checkInterval)
            guard peer.openRequests.isEmpty else { continue }
            do {
                _ = try await time.withTimeout(MCPHandshake.answerTime) { [peer] in
                    switch era {
                    case .modern: try await peer.request("server/discover", MCPEra.discovery, isCancellable: false)
                    case .legacy: try await peer.request("ping", .object([:]), isCancellable: false)
                    }
                }
            } catch is TimeoutError {
                throw ModuleFailure.broken("it does not answer though it has nothing to do")
            }
        }
    }

    // MARK: What the server says

    /// What a line was.
    package enum Verdict: Hashable {
        case answer
        /// Nobody had asked for it.
        case noise
        /// No message; its beginning.
        case unreadable(String)
    }

    package func take(_ line: LineAssembler.Line) -> Verdict {
        guard case .whole(let bytes) = line else { return takeUnreadable(line) }
        guard bytes.readableBytesView.contains(where: { $0 > UInt8(ascii: " ") }) else { return .noise }
        let messages = RPCMessage.batch(parsing: bytes.readableBytesView).compactMap { try? $0.get() }
        guard !messages.isEmpty else { return takeUnreadable(line) }
        return messages.map(take).contains(.answer) ? .answer : .noise
    }

    private func take(_ message: RPCMessage) -> Verdict {
        switch message {
        case .response(let id, let result): return peer.receive(.success(result), for: id) ? .answer : .noise
        case .failure(let id, let error): return peer.receive(.failure(error), for: id) ? .answer : .noise
        case .request(let id, let method, let params): answer(id, method, params)
        case .notification("notifications/progress", let params):
            if let token = params["progressToken"]?.intValue { peer.receiveProgress(token, params["message"]?.stringValue) }
        case .notification("notifications/tools/list_changed", _): listChanges.change { $0 += 1 }
        case .notification: break
        }
        return .noise
    }

    /// What looks like an answer fails its call now, rather than when that is out of time.
    private func takeUnreadable(_ line: LineAssembler.Line) -> Verdict {
        let (bytes, problem) =
            switch line {
            case .whole(let bytes): (bytes, "its answer is not JSON in UTF-8, or nests too deep")
            case .tooLong(let start):
                (start, "its answer is longer than \(Self.lineLimit >> 20) MiB; files go by resource_link into BOT_SPOOL_DIR")
            }
        let start = String(decoding: bytes.readableBytesView.prefix(1024), as: UTF8.self)
        if start.drop(while: { $0.isWhitespace || $0 == "[" }).hasPrefix("{"), start.contains("\"jsonrpc\"") {
            let id = start.firstMatch(of: /"id"\s*:\s*([0-9]{1,18})/).flatMap { Int($0.1) }
            peer.receiveUnreadable(problem, for: id)
        }
        return .unreadable(String(start.prefix(200)))
    }

    /// Answers a request of the server's: the older protocol has them.
    private func answer(_ id: JSON, _ method: String, _ params: JSON) {
        switch method {
        case "ping": peer.answer(id, [:])
        case "elicitation/create":
            // It does not say which call it is about: that is clear only where there is one.
            let calls = peer.openRequests
            if calls.count == 1, peer.receiveQuestion(id, params, for: calls[0]) { return }
            logger.warning(
                "a module asks something while several of its calls are open: set 'concurrency: 1'",
                metadata: ["module": "\(module)"]
            )
            peer.answer(id, ["action": "cancel"])
        default:
            peer.refuse(id, .methodNotFound(method))
        }
    }
}
