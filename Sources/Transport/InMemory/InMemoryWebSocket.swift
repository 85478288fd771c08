/// One end of a connection in the same process.
package struct InMemoryWebSocket: WebSocket {
    private let inbound: InMemoryPipe
    private let outbound: InMemoryPipe

    /// Two ends: what one sends, the other receives.
    /// - Parameter capacity: Messages on their way in each direction, before senders wait.
    package static func pair(capacity: Int = 16) -> (Self, Self) {
        let (there, back) = (InMemoryPipe(capacity: capacity), InMemoryPipe(capacity: capacity))
        return (Self(inbound: back, outbound: there), Self(inbound: there, outbound: back))
    }

    package func receive() async throws(WebSocketError) -> WebSocketMessage {
        try await inbound.receive()
    }

    package func send(_ message: WebSocketMessage) async throws(WebSocketError) {
        try await outbound.send(message)
    }

    /// The peer still gets what was sent before.
    package func close(_ code: WebSocketCloseCode, reason: String) async {
        let detail = reason.isEmpty ? "closed with code \(code.rawValue)" : "closed with code \(code.rawValue): \(reason)"
        let end = WebSocketError(.closed(code), detail: detail)
        outbound.end(end, discardingMessages: false)
        inbound.end(end, discardingMessages: true)
    }

    /// Breaks the connection without a close frame.
    package func drop() {
        let end = WebSocketError(.closed(nil), detail: "the connection broke")
        outbound.end(end, discardingMessages: false)
        inbound.end(end, discardingMessages: true)
    }
}
