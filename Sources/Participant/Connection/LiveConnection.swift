package import ConnectWire
import FoundationEssentials
package import Logging
package import Transport

/// Receives a participant's items for as long as the contact can be alive.
///
/// Over a WebSocket, or by polling where the service gives none or the network lets none through. After every connect and reconnect the transcript closes the gap, and an item
/// that came both ways is delivered once.
package struct LiveConnection: Sendable {
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
        /// The service refuses the very first connection.
        case refused(ParticipantError)
        /// After it was connected, the service refuses even a new connection: the contact is over, or this participant's part in it.
        case accessLost(ParticipantError)
        /// Longer ago than any contact can live.
        case outlived
    }

    package struct Settings: Sendable {
        package var heartbeat: Duration = .seconds(10)
        /// A subscription that is not answered in this time is sent again, three times.
        package var subscriptionTimeout: Duration = .seconds(1)
        package var connectTimeout: Duration = .seconds(15)
        /// For a frame to be taken by the socket.
        package var sendTimeout: Duration = .seconds(15)
        /// Before an expiry.
        package var renewalMargin: Duration = .seconds(60)
        /// Where the service does not say when the socket expires. ChatJS assumes the same.
        package var assumedLifetime: Duration = .seconds(3540)
        package var pollInterval: Duration = .seconds(2)
        /// WebSockets that cannot be opened in a row before items are polled instead.
        package var socketAttempts = 3
        /// How long, before a WebSocket is tried again.
        package var pollingInstead: Duration = .seconds(600)
        /// Items of history, resp. of a gap, that are read at most.
        package var catchUpLimit = 5000
        /// A chat lasts 7 days at most (StartChatContact, ChatDurationInMinutes).
        package var longestContact: Duration = .seconds(7 * 24 * 3600)
        /// Between connections that fail; a connection that stood for ``provenAfter`` begins the count anew.
        package var backoff = Backoff(base: .milliseconds(500), cap: .seconds(30))
        package var provenAfter: Duration = .seconds(30)

        package init() {}
    }

    private let connection: ParticipantConnection
    private let sockets: any WebSocketClient
    private let time: any TimeSource
    private let settings: Settings
    private let seen: SeenItems
    private let hasConnected: Bool
    private let logger: Logger

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
        self.seen = seen
        self.hasConnected = hasConnected
        self.logger = logger
    }

    /// Runs until the contact is over.
    /// - Throws: What the listener throws, what storing new credentials throws, and `CancellationError`.
    package func run(_ listener: @escaping @Sendable (Arrival) async throws -> Void) async throws -> Ending {
        let delivery = ItemDelivery(
            transcript: TranscriptReader(connection),
            limit: settings.catchUpLimit,
            seen: seen,
            hasConnected: hasConnected,
            listener: listener
        )
        let start = time.uptime
        var failures = 0
        var unopenedSockets = 0
        while time.uptime - start < settings.longestContact {
            try Task.checkCancellation()
            let opening = time.uptime
            let withSocket = unopenedSockets < settings.socketAttempts
            do {
                let end = try await receive(delivery, withSocket: withSocket)
                unopenedSockets = 0
                switch end {
                case .chatEnded: return .chatEnded
                case .renewal: continue
                case .closed: logger.info("the service closed the connection; asking for another")
                case .lost(let reason): logger.warning("the connection was lost; connecting again", metadata: ["reason": "\(reason)"])
                }
            } catch let error as ParticipantError {
                // Who may not connect without a WebSocket may still connect with one.
                if !withSocket { unopenedSockets = 0 }
                if withSocket, error.operation == .createParticipantConnection, error.isRefusal {
                    return await delivery.hasConnected ? .accessLost(error) : .refused(error)
                }
                logger.warning("no connection; trying again", metadata: ["reason": "\(error)"])
            } catch let error as WebSocketError {
                if error.code == .cancelled { throw CancellationError() }
                unopenedSockets += 1
                logger.warning("no WebSocket; trying again", metadata: ["reason": "\(error)"])
            }
            await delivery.connectionLost()
            failures = time.uptime - opening < settings.provenAfter ? failures + 1 : 1
            try await time.sleep(for: settings.backoff.delay(attempt: failures))
        }
        return .outlived
    }

    /// Why one connection is over.
    enum ConnectionEnd: Sendable {
        case chatEnded
        case renewal
        /// In good order, by the service: so it does when this participant's part is over. Whether it is, the next connection tells.
        case closed
        case lost(String)
    }

    private func receive(_ delivery: ItemDelivery, withSocket: Bool) async throws -> ConnectionEnd {
        let access = try await connection.open(withSocket: withSocket)
        guard let websocket = access.websocket else {
            return try await poll(delivery, until: withSocket ? nil : time.uptime + settings.pollingInstead)
        }
        let renewal = renewalTime(of: access)
        return try await sockets.withConnection(to: websocket.url.exposed, timeout: settings.connectTimeout) { socket in
            let conversation = SocketConversation(
                on: socket,
                delivery: delivery,
                until: renewal,
                settings: settings,
                time: time,
                logger: logger
            )
            return try await conversation.run()
        }
    }

    private func poll(_ delivery: ItemDelivery, until end: Duration?) async throws -> ConnectionEnd {
        while end.map({ time.uptime < $0 }) ?? true {
            if try await delivery.catchUp() { return .chatEnded }
            try await time.sleep(for: settings.pollInterval)
        }
        return .renewal
    }

    /// When to open the next connection: a margin before the socket or the token expires, and never so soon that renewals chase each other.
    private func renewalTime(of access: ParticipantConnection.Access) -> Duration {
        let expiries = [access.websocket?.connectionExpiry, access.credentials.expiry].compactMap { $0?.date.timeIntervalSince(time.now) }
        // An expiry in the past says that the clocks differ, and nothing of the lifetime.
        let lifetime = expiries.filter { $0 > 0 }.min().map(Duration.seconds) ?? settings.assumedLifetime
        return time.uptime + max(lifetime - settings.renewalMargin, lifetime / 2, .seconds(10))
    }
}
