/// An open WebSocket, of either side. Control frames are handled inside; whole messages come out.
package protocol WebSocket: Sendable {
    /// The next message. One reader at a time; not reading holds the peer back.
    /// - Throws: ``WebSocketError``; `.closed` when the peer closed, also without a close frame.
    func receive() async throws(WebSocketError) -> WebSocketMessage

    /// Returns when the message was handed to the socket. Waits while the peer does not read.
    func send(_ message: WebSocketMessage) async throws(WebSocketError)

    /// Says goodbye and waits for the peer's, a second at most. Harmless when closed already.
    func close(_ code: WebSocketCloseCode, reason: String) async
}

extension WebSocket {
    package func send(_ text: String) async throws(WebSocketError) {
        try await send(.text(text))
    }
}

package enum WebSocketMessage: Hashable, Sendable {
    case text(String)
    case binary([UInt8])
}

/// Opens WebSockets.
package protocol WebSocketClient: Sendable {
    /// Connects, runs the body, and closes however the body ends.
    /// - Parameter url: `ws://` or `wss://`; it carries its authority and is never put into an error.
    /// - Parameter timeout: For connecting, TLS and the upgrade together.
    func withConnection<Value: Sendable>(
        to url: String,
        timeout: Duration,
        _ body: @Sendable (any WebSocket) async throws -> Value
    ) async throws -> Value
}

/// Why a socket is of no more use.
package struct WebSocketError: Error, Hashable, Sendable, CustomStringConvertible {
    package var code: Code
    package var detail: String

    package init(_ code: Code, detail: String) {
        self.code = code
        self.detail = detail
    }

    package enum Code: Hashable, Sendable {
        /// The URL is not one of a WebSocket.
        case invalidURL
        case cannotConnect
        case tls
        /// The server answered the upgrade with another status.
        case refused(status: Int)
        case timedOut
        /// Closed; nil where the connection broke without a close frame.
        case closed(WebSocketCloseCode?)
        /// The peer broke RFC 6455; it was told so with this code, unless that was during the upgrade.
        case protocolViolation(WebSocketCloseCode)
        case cancelled
    }

    package var description: String { detail }
}

/// A close code (RFC 6455, section 7.4).
package struct WebSocketCloseCode: RawRepresentable, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) {
        self.rawValue = rawValue
    }

    package static let normal = Self(rawValue: 1000)
    package static let goingAway = Self(rawValue: 1001)
    package static let protocolError = Self(rawValue: 1002)
    package static let unacceptableData = Self(rawValue: 1003)
    /// Never on the wire: stands for a close frame that carried no code.
    package static let noStatus = Self(rawValue: 1005)
    package static let invalidPayload = Self(rawValue: 1007)
    package static let policyViolation = Self(rawValue: 1008)
    package static let messageTooBig = Self(rawValue: 1009)
    package static let internalError = Self(rawValue: 1011)

    /// Whether a close frame may carry the code: those that RFC 6455 or IANA's registry define for it, and 3000 to 4999.
    package var isAllowedOnTheWire: Bool {
        switch rawValue {
        case 1000...1003, 1007...1014, 3000...4999: true
        default: false
        }
    }
}
