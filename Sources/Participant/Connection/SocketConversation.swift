import ConnectWire
import Logging
import Synchronization
import Transport

/// What is said over one WebSocket: the subscription, heartbeats, items, and the goodbye in time for the next.
final class SocketConversation: Sendable {
    private struct State {
        var isSubscribed = false
        /// While it handles a frame, the reader reads no answers, so that a missing one means nothing.
        var isBusy = false
        var isHeartbeatUnanswered = false
        /// Why the socket is being closed from this side.
        var end: LiveConnection.ConnectionEnd?
    }

    /// Items before the catching up that are kept; the transcript has whatever is more.
    private static let earlyItems = 256

    private let socket: any WebSocket
    private let delivery: ItemDelivery
    private let renewal: Duration
    private let settings: LiveConnection.Settings
    private let time: any TimeSource
    private let logger: Logger
    private let state = Mutex(State())

    /// - Parameter renewal: The uptime at which the conversation gives way to the next.
    init(
        on socket: any WebSocket,
        delivery: ItemDelivery,
        until renewal: Duration,
        settings: LiveConnection.Settings,
        time: any TimeSource,
        logger: Logger
    ) {
        self.socket = socket
        self.delivery = delivery
        self.renewal = renewal
        self.settings = settings
        self.time = time
        self.logger = logger
    }

    /// Converses until there is a reason to stop.
    ///
    /// Whichever reason there is, a delivery that is under way is finished first: cut off, its item would be lost.
    /// - Throws: What catching up and delivering throw, and `CancellationError`.
    func run() async throws -> LiveConnection.ConnectionEnd {
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                guard let end = await self.keepAlive() else { return }
                self.state.withLock { $0.end = end }
                await self.socket.close(.normal, reason: "")
            }
            defer { group.cancelAll() }
            do {
                return try await read()
            } catch let error as WebSocketError {
                if Task.isCancelled || error.code == .cancelled { throw CancellationError() }
                return state.withLock { $0.end } ?? (error.code == .closed(.normal) ? .closed : .lost("\(error)"))
            }
        }
    }

    // MARK: Reading

    private func read() async throws -> LiveConnection.ConnectionEnd {
        var early: [Item] = []
        while true {
            let message = try await socket.receive()
            // Whatever arrives proves that the peer lives.
            state.withLock {
                $0.isBusy = true
                $0.isHeartbeatUnanswered = false
            }
            if let end = try await handle(message, early: &early) { return end }
            state.withLock { $0.isBusy = false }
        }
    }

    private func handle(_ message: WebSocketMessage, early: inout [Item]) async throws -> LiveConnection.ConnectionEnd? {
        let isSubscribed = state.withLock { $0.isSubscribed }
        guard let frame = frame(message) else {
            // If it was an item, the transcript has it.
            if isSubscribed, try await delivery.catchUp() { return .chatEnded }
            return nil
        }
        switch frame {
        case .subscription(succeeded: true, _):
            if isSubscribed { return nil }
            state.withLock { $0.isSubscribed = true }
            if try await delivery.catchUp() { return .chatEnded }
            defer { early = [] }
            for item in early {
                if try await delivery.deliver(item) { return .chatEnded }
            }
        case .subscription(succeeded: false, _):
            logger.warning("the service refused the subscription; asking again")
        case .item(let item):
            // Before the gap is closed, an item would pass for the end of it.
            if isSubscribed {
                if try await delivery.deliver(item) { return .chatEnded }
            } else if early.count < Self.earlyItems {
                early.append(item)
            }
        case .heartbeat, .ping(healthy: true):
            break
        case .ping(healthy: false):
            return .lost("the service behind the gateway does not answer")
        case .gatewayError(let message):
            return .lost("the gateway said '\(message)'")
        case .unknown(let topic):
            logger.debug("a frame of an unknown topic is ignored", metadata: ["topic": "\(topic)"])
        }
        return nil
    }

    private func frame(_ message: WebSocketMessage) -> ServerFrame? {
        guard case .text(let text) = message else {
            logger.warning("a binary frame is ignored: the service sends none")
            return nil
        }
        do {
            return try ServerFrame(parsing: text)
        } catch {
            logger.warning("a frame is ignored", metadata: ["reason": "\(error)"])
            return nil
        }
    }

    // MARK: Keeping alive

    /// - Returns: Why to stop; nil when it was cancelled.
    private func keepAlive() async -> LiveConnection.ConnectionEnd? {
        do {
            if let end = try await subscribe() { return end }
            return try await beat()
        } catch let error as WebSocketError {
            return error.code == .cancelled ? nil : .lost("\(error)")
        } catch let error as TimeoutError {
            return .lost("the peer takes nothing: \(error)")
        } catch {
            return nil
        }
    }

    /// - Returns: Nil when it is subscribed.
    private func subscribe() async throws -> LiveConnection.ConnectionEnd? {
        for _ in 1...4 {
            try await send(.subscribe(topics: [Topic.chat]))
            try await time.sleep(for: settings.subscriptionTimeout)
            if state.withLock({ $0.isSubscribed }) { return nil }
        }
        return .lost("the subscription was not answered")
    }

    private func beat() async throws -> LiveConnection.ConnectionEnd {
        while true {
            let left = renewal - time.uptime
            if left <= .zero { return .renewal }
            let isAnswered = state.withLock { state in
                if state.isBusy { return true }
                defer { state.isHeartbeatUnanswered = true }
                return !state.isHeartbeatUnanswered
            }
            guard isAnswered else { return .lost("a heartbeat was not answered") }
            try await send(.heartbeat)
            try await time.sleep(for: min(settings.heartbeat, left))
        }
    }

    private func send(_ frame: ClientFrame) async throws {
        try await time.withTimeout(settings.sendTimeout) { [socket] in try await socket.send(frame.text) }
    }
}
