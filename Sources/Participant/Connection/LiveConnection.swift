package import ConnectWire
import FoundationEssentials
package import Logging
import Synchronization
package import Transport

/// Receives a participant's items for as long as the contact can be alive.
///
/// Over a WebSocket, or by polling where the service gives none. After every connect and reconnect the transcript closes the gap, and an item
/// that came both ways is delivered once.
package final class LiveConnection: Sendable {
    /// What a listener is told, one after the other; the next waits until the listener has returned.
    package enum Arrival: Sendable {
        /// Connected, with the items that were missed, in the order of the transcript. The first time, these are the contact's history.
        case connected(missed: [Item], isFirst: Bool)
        case item(Item)
    }

    /// Why nothing will come any more.
    package enum Ending: Sendable {
        /// `chat.ended` was delivered.
        case chatEnded
        /// The service refuses even a new connection: the contact is over, or this participant's part in it.
        case refused(ParticipantError)
        /// Longer ago than any contact can live.
        case outlived
    }

    package struct Settings: Sendable {
        package var heartbeat: Duration = .seconds(10)
        /// A subscription that is not answered in this time is sent again, three times.
        package var subscriptionTimeout: Duration = .seconds(1)
        package var connectTimeout: Duration = .seconds(15)
        /// Before an expiry.
        package var renewalMargin: Duration = .seconds(60)
        /// Where the service does not say when the socket expires. ChatJS assumes the same.
        package var assumedLifetime: Duration = .seconds(3540)
        package var pollInterval: Duration = .seconds(2)
        /// Items of history, resp. of a gap, that are read at most.
        package var catchUpLimit = 5000
        /// A chat lasts 7 days at most (StartChatContact, ChatDurationInMinutes).
        package var longestContact: Duration = .seconds(7 * 24 * 3600)
        package var backoff = Backoff(base: .milliseconds(500), cap: .seconds(30))

        package init() {}
    }

    private let connection: ParticipantConnection
    private let sockets: any WebSocketClient
    private let time: any TimeSource
    private let settings: Settings
    private let logger: Logger
    private let progress: Mutex<Progress>

    private struct Progress {
        var seen: SeenItems
        var hasConnected: Bool
        /// Tries since the last connection that worked.
        var failures = 0
    }

    /// - Parameter seen: What an earlier run delivered.
    /// - Parameter hasConnected: Whether an earlier run has connected; then the first catch-up is not the contact's history.
    package init(
        connection: ParticipantConnection,
        sockets: any WebSocketClient,
        settings: Settings = Settings(),
        seen: SeenItems = SeenItems(),
        hasConnected: Bool = false,
        logger: Logger
    ) {
        self.connection = connection
        self.sockets = sockets
        self.time = connection.api.time
        self.settings = settings
        self.logger = logger
        progress = Mutex(Progress(seen: seen, hasConnected: hasConnected))
    }

    /// Runs until the contact is over.
    /// - Throws: What the listener throws, and `CancellationError`.
    package func run(_ listener: @escaping @Sendable (Arrival) async throws -> Void) async throws -> Ending {
        let start = time.uptime
        while time.uptime - start < settings.longestContact {
            try Task.checkCancellation()
            do {
                let access = try await connection.open()
                switch try await receive(access, listener) {
                case .chatEnded: return .chatEnded
                case .renewal: continue
                case .lost(let reason): logger.warning("the connection was lost; connecting again", metadata: ["reason": "\(reason)"])
                }
            } catch let error as ParticipantError {
                if error.isCancellation { throw CancellationError() }
                if error.operation == .createParticipantConnection, error.fault != nil, !error.isRetryable { return .refused(error) }
                logger.warning("no connection; trying again", metadata: ["reason": "\(error)"])
            } catch let error as WebSocketError {
                if error.code == .cancelled { throw CancellationError() }
                logger.warning("the WebSocket was lost; connecting again", metadata: ["reason": "\(error)"])
            }
            try await pauseBeforeReconnect()
        }
        return .outlived
    }

    private func pauseBeforeReconnect() async throws {
        let failures = progress.withLock { progress in
            progress.failures += 1
            return progress.failures
        }
        try await time.sleep(for: settings.backoff.delay(attempt: failures))
    }

    /// Why one connection is over.
    private enum ConnectionEnd: Sendable {
        case chatEnded
        case renewal
        case lost(String)
    }

    private func receive(
        _ access: ParticipantConnection.Access,
        _ listener: @escaping @Sendable (Arrival) async throws -> Void
    ) async throws -> ConnectionEnd {
        guard let websocket = access.websocket else { return try await poll(listener) }
        let renewal = renewalTime(of: access)
        return try await sockets.withConnection(to: websocket.url.exposed, timeout: settings.connectTimeout) { socket in
            try await self.converse(on: socket, until: renewal, listener)
        }
    }

    /// When to open the next connection: a margin before the socket or the token expires, and never so soon that renewals chase each other.
    private func renewalTime(of access: ParticipantConnection.Access) -> Duration {
        let expiries = [access.websocket?.connectionExpiry, access.credentials.expiry].compactMap { $0?.date.timeIntervalSince(time.now) }
        let lifetime = Duration.seconds(expiries.min() ?? settings.assumedLifetime / .seconds(1))
        return time.uptime + max(lifetime - settings.renewalMargin, lifetime / 2, .seconds(10))
    }

    // MARK: WebSocket

    /// What the reader tells the one who keeps the socket alive.
    private struct SocketState {
        var isSubscribed = false
        /// While it catches up, the reader does not read, so that a missing answer means nothing.
        var isCatchingUp = false
        var isHeartbeatUnanswered = false
    }

    private func converse(
        on socket: any WebSocket,
        until renewal: Duration,
        _ listener: @escaping @Sendable (Arrival) async throws -> Void
    ) async throws -> ConnectionEnd {
        let state = SharedState()
        return try await withThrowingTaskGroup(of: ConnectionEnd.self) { group in
            group.addTask { try await self.read(socket, state, listener) }
            group.addTask { try await self.keepAlive(socket, state, until: renewal) }
            defer { group.cancelAll() }
            return try await group.next() ?? .lost("nobody is listening")
        }
    }

    private final class SharedState: Sendable {
        private let state = Mutex(SocketState())

        func with<Value: Sendable>(_ body: (inout sending SocketState) -> sending Value) -> Value {
            state.withLock(body)
        }
    }

    private func read(
        _ socket: any WebSocket,
        _ state: SharedState,
        _ listener: @Sendable (Arrival) async throws -> Void
    ) async throws -> ConnectionEnd {
        while true {
            guard case .text(let text) = try await socket.receive() else {
                logger.warning("a binary frame is ignored: the service sends none")
                continue
            }
            let frame: ServerFrame
            do {
                frame = try ServerFrame(parsing: text)
            } catch {
                logger.warning("a frame is ignored", metadata: ["reason": "\(error)"])
                continue
            }
            switch frame {
            case .subscription(succeeded: true, _):
                if state.with({ $0.isSubscribed }) { continue }
                state.with { $0 = SocketState(isSubscribed: true, isCatchingUp: true) }
                if try await catchUp(listener) { return .chatEnded }
                state.with { $0.isCatchingUp = false }
            case .subscription(succeeded: false, _):
                logger.warning("the service refused the subscription; asking again")
            case .heartbeat:
                state.with { $0.isHeartbeatUnanswered = false }
            case .ping(let healthy):
                if !healthy { return .lost("the service behind the gateway does not answer") }
            case .item(let item):
                if try await deliver(item, listener) { return .chatEnded }
            case .gatewayError(let message):
                return .lost("the gateway said '\(message)'")
            case .unknown(let topic):
                logger.debug("a frame of an unknown topic is ignored", metadata: ["topic": "\(topic)"])
            }
        }
    }

    /// Subscribes, sends the heartbeats, and ends the conversation when it is time for a new connection.
    private func keepAlive(_ socket: any WebSocket, _ state: SharedState, until renewal: Duration) async throws -> ConnectionEnd {
        var tries = 0
        while !state.with({ $0.isSubscribed }) {
            if tries == 4 { return .lost("the subscription was not answered") }
            tries += 1
            try await socket.send(ClientFrame.subscribe(topics: [Topic.chat]).text)
            try await time.sleep(for: settings.subscriptionTimeout)
        }
        while true {
            let left = renewal - time.uptime
            if left <= .zero { return .renewal }
            let isDue = state.with { state in
                if state.isCatchingUp { return true }
                defer { state.isHeartbeatUnanswered = true }
                return !state.isHeartbeatUnanswered
            }
            guard isDue else { return .lost("a heartbeat was not answered") }
            try await socket.send(ClientFrame.heartbeat.text)
            try await time.sleep(for: min(settings.heartbeat, left))
        }
    }

    // MARK: Polling

    private func poll(_ listener: @Sendable (Arrival) async throws -> Void) async throws -> ConnectionEnd {
        while true {
            if try await catchUp(listener) { return .chatEnded }
            try await time.sleep(for: settings.pollInterval)
        }
    }

    // MARK: Delivery

    /// Reads what was missed and delivers it.
    /// - Returns: Whether the chat has ended.
    private func catchUp(_ listener: @Sendable (Arrival) async throws -> Void) async throws -> Bool {
        let seen = progress.withLock { $0.seen }
        let items = try await TranscriptReader(connection).items(limit: settings.catchUpLimit) { seen.contains($0) }
        let (missed, isFirst, isReconnect) = progress.withLock { progress in
            let missed = items.filter { progress.seen.insert($0) }
            let result = (missed, !progress.hasConnected, progress.failures > 0)
            progress.hasConnected = true
            progress.failures = 0
            return result
        }
        if isFirst || isReconnect || !missed.isEmpty {
            try await listener(.connected(missed: missed, isFirst: isFirst))
        }
        return missed.contains { $0.endsChat }
    }

    /// - Returns: Whether the chat has ended.
    private func deliver(_ item: Item, _ listener: @Sendable (Arrival) async throws -> Void) async throws -> Bool {
        guard progress.withLock({ $0.seen.insert(item) }) else { return false }
        try await listener(.item(item))
        return item.endsChat
    }
}

extension Item {
    package var endsChat: Bool { type == .event && contentType == .chatEnded }
}
