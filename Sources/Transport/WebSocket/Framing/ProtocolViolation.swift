/// What the peer did against RFC 6455, and the close code that tells it so.
package struct ProtocolViolation: Error, Hashable, Sendable {
    package var code: WebSocketCloseCode
    package var reason: String

    init(_ reason: String, code: WebSocketCloseCode = .protocolError) {
        self.code = code
        self.reason = reason
    }
}
