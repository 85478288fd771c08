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
    private let participantToken: ParticipantToken
    private let receive: Receive
    private let store: @Sendable (ConnectionCredentials) async throws -> Void

    private var credentials: ConnectionCredentials?
    private var isRenewing = false
    private var waiting: [CheckedContinuation<Void, Never>] = []

    /// - Parameter stored: What an earlier run left, if anything.
    /// - Parameter store: Called with new credentials before they are used.
    package init(
        api: ParticipantAPI,
        participantToken: ParticipantToken,
        receive: Receive,
        stored: ConnectionCredentials? = nil,
        store: @escaping @Sendable (ConnectionCredentials) async throws -> Void = { _ in }
    ) {
        self.api = api
        self.participantToken = participantToken
        self.receive = receive
        self.store = store
        credentials = stored
    }

    /// Calls an operation with the current connection token.
    package func call<Request: ParticipantRequest>(_ request: Request) async throws -> Request.Response {
        let token = try await currentToken()
        do {
            return try await api.call(request, with: token)
        } catch let error where error.isFault(.accessDenied) {
            let renewed = try await renew(insteadOf: token)
            return try await api.call(request, with: renewed)
        }
    }

    /// Opens the connection anew: a new URL and a new connection token.
    ///
    /// A service that refuses WEBSOCKET to this participant is asked for credentials alone, and then items are polled. That the documented way
    /// of a custom participant has no WebSocket, and whether it may have one, is not documented.
    package func open() async throws -> Access {
        await lock()
        defer { unlock() }
        return try await create()
    }

    private func currentToken() async throws -> ConnectionToken {
        if let credentials, !isExpired(credentials) { return credentials.connectionToken }
        return try await renew(insteadOf: credentials?.connectionToken)
    }

    private func renew(insteadOf old: ConnectionToken?) async throws -> ConnectionToken {
        await lock()
        defer { unlock() }
        // While waiting for the lock, somebody else may have renewed.
        if let credentials, credentials.connectionToken != old { return credentials.connectionToken }
        return try await create().credentials.connectionToken
    }

    private func create() async throws -> Access {
        guard receive == .websocket else { return try await create(types: [.connectionCredentials], connectParticipant: true) }
        do {
            return try await create(types: [.websocket, .connectionCredentials], connectParticipant: nil)
        } catch let error as ParticipantError where error.isFault(.accessDenied, .validation) {
            api.logger.info("the service refused a WebSocket; trying without", metadata: ["reason": "\(error)"])
            return try await create(types: [.connectionCredentials], connectParticipant: true)
        }
    }

    private func create(types: [ConnectionType], connectParticipant: Bool?) async throws -> Access {
        let request = CreateParticipantConnectionRequest(types: types, connectParticipant: connectParticipant)
        let response = try await api.call(request, with: participantToken)
        guard let credentials = response.connectionCredentials else {
            throw malformed("it has no ConnectionCredentials")
        }
        if let websocket = response.websocket, !api.endpoint.allows(websocket.url.exposed) {
            throw malformed("its WebSocket URL is not encrypted")
        }
        try await store(credentials)
        self.credentials = credentials
        return Access(websocket: types.contains(.websocket) ? response.websocket : nil, credentials: credentials)
    }

    private func malformed(_ problem: String) -> ParticipantError {
        ParticipantError(operation: .createParticipantConnection, cause: .malformedAnswer(problem), attempts: 1)
    }

    private func isExpired(_ credentials: ConnectionCredentials) -> Bool {
        credentials.expiry.map { $0.date <= api.time.now } ?? false
    }

    // One renewal at a time; who comes meanwhile waits and then looks again.
    private func lock() async {
        while isRenewing {
            await withCheckedContinuation { waiting.append($0) }
        }
        isRenewing = true
    }

    private func unlock() {
        isRenewing = false
        let next = waiting
        waiting = []
        for continuation in next { continuation.resume() }
    }
}
