/// What the peer did against RFC 6455, and the close code that tells it so.
struct ProtocolViolation: Error, Hashable, Sendable {
    var code: WebSocketCloseCode
    var reason: String

    init(_ reason: String, code: WebSocketCloseCode = .protocolError) {
        self.code = code
        self.reason = reason
    }
}
