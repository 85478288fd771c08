package import ConnectWire
import FoundationEssentials
import Logging
import Transport

/// One participant's authority: its participant token, and the connection token that is current.
///
/// Calls go through here. A 403 renews the connection once and repeats the call as it was, client token and all; a second 403 is final.
package actor ParticipantConnection {
    /// How items are to come.
    package enum Receive: String, Sendable, CaseIterable {
        case websocket
        case poll
    }

    /// What a renewal gave.
    package struct Access: Sendable {
        /// Nil where items are polled.
        package var websocket: WebsocketAccess?
        package var credentials: ConnectionCredentials
    }

    package nonisolated let api: ParticipantAPI
    let participantToken: ParticipantToken
    private let receive: Receive
    private let store: @Sendable (ConnectionCredentials) async throws -> Void
    private let crashPoints: CrashPoints

    private var current: (token: ConnectionToken, expiry: Date?)?
    /// The longest pause between tries before the first connection: a bot has 15 s to join, or the contact goes on without it.
    private static let firstPauses = Duration.seconds(1)
    /// One renewal at a time; who comes meanwhile waits and then looks again.
    private let renewals = Turnstile()

    /// - Parameter stored: What an earlier run left, if anything.
    /// - Parameter store: Called with new credentials before they are used.
    package init(
        api: ParticipantAPI,
        participantToken: ParticipantToken,
        receive: Receive,
        stored: ConnectionCredentials? = nil,
        crashPoints: CrashPoints = .none,
        store: @escaping @Sendable (ConnectionCredentials) async throws -> Void = { _ in }
    ) {
        self.api = api
        self.participantToken = participantToken
        self.receive = receive
        self.store = store
        self.crashPoints = crashPoints
        current = stored.map { ($0.connectionToken, $0.expiry?.date) }
    }

    /// Calls an operation with the current connection token.
    /// - Throws: ``ParticipantError``, `CancellationError`, and what storing new credentials throws.
    package func call<Request: ParticipantRequest>(_ request: Request) async throws -> Request.Response {
        let token = try await currentToken()
        let start = api.time.uptime
        do {
            return try await send(request, with: token)
        } catch let error as ParticipantError where error.isMendedByRenewal {
            return try await send(request, with: try await renew(insteadOf: token), firstTry: start)
        }
    }

    /// Opens the connection anew: a new URL and a new connection token.
    ///
    /// A service that refuses WEBSOCKET to this participant is asked for credentials alone, and then items are polled. That the documented way
    /// of a custom participant has no WebSocket, and whether it may have one, is not documented.
    /// - Parameter withSocket: Whether to ask for a WebSocket, where items are to come over one.
    /// - Throws: As ``call(_:)``.
    package func open(withSocket: Bool = true) async throws -> Access {
        try await renewals.pass { try await create(withSocket: withSocket) }
    }

    func currentToken() async throws -> ConnectionToken {
        if let current, current.expiry.map({ $0 > api.time.now }) ?? true { return current.token }
        return try await renew(insteadOf: current?.token)
    }

    func renew(insteadOf old: ConnectionToken?) async throws -> ConnectionToken {
        try await renewals.pass {
            // While this one waited, somebody else may have renewed.
            if let current, current.token != old { return current.token }
            return try await create(withSocket: true).credentials.connectionToken
        }
    }

    private func create(withSocket: Bool) async throws -> Access {
        guard receive == .websocket, withSocket else { return try await create(types: [.connectionCredentials], connectParticipant: true) }
        do {
            return try await create(types: [.websocket, .connectionCredentials], connectParticipant: nil)
        } catch let error as ParticipantError where error.reaction == .withoutSocket {
            api.logger.info("the service refused a WebSocket; trying without", metadata: ["reason": "\(error)"])
            return try await create(types: [.connectionCredentials], connectParticipant: true)
        }
    }

    private func create(types: [ConnectionType], connectParticipant: Bool?) async throws -> Access {
        let request = CreateParticipantConnectionRequest(types: types, connectParticipant: connectParticipant)
        let response = try await send(request, with: participantToken, pauses: current == nil ? Self.firstPauses : nil)
        guard let credentials = response.connectionCredentials else {
            throw malformed("it has no ConnectionCredentials")
        }
        if let websocket = response.websocket, !api.endpoint.allows(websocket.url.exposed) {
            throw malformed("its WebSocket URL is not encrypted")
        }
        crashPoints.pass(.connectionCreated)
        try await store(credentials)
        crashPoints.pass(.connectionStored)
        // What is said to have expired as it comes says that the clocks differ. It is used until it is refused.
        current = (credentials.connectionToken, credentials.expiry.map(\.date).flatMap { $0 > api.time.now ? $0 : nil })
        return Access(websocket: types.contains(.websocket) ? response.websocket : nil, credentials: credentials)
    }

    private func send<Request: ParticipantRequest, Kind>(
        _ request: Request,
        with token: Secret<Kind>,
        firstTry: Duration? = nil,
        pauses: Duration? = nil
    ) async throws -> Request.Response {
        var api = api
        if let pauses { api.backoff.cap = min(api.backoff.cap, pauses) }
        do {
            return try await api.call(request, with: token, firstTry: firstTry)
        } catch {
            if error.isCancellation { throw CancellationError() }
            throw error
        }
    }

    private func malformed(_ problem: String) -> ParticipantError {
        ParticipantError(operation: .createParticipantConnection, cause: .malformedAnswer(problem), attempts: 1)
    }
}

extension ParticipantError {
    fileprivate var isMendedByRenewal: Bool {
        if case .renewal = reaction { true } else { false }
    }
}
