import NIOCore
import NIOHTTP1
import NIOWebSocket

/// The client's half of the upgrade (RFC 6455, section 4.1). It offers no subprotocol and no extension.
struct ClientHandshake: Sendable {
    private let key = NIOWebSocketClientUpgrader.randomRequestKey()
    let request: HTTPRequestHead

    init(_ url: WebSocketURL) {
        let headers: HTTPHeaders = [
            "Host": url.authority,
            "Upgrade": "websocket",
            "Connection": "Upgrade",
            "Sec-WebSocket-Key": key,
            "Sec-WebSocket-Version": "13",
        ]
        request = HTTPRequestHead(version: .http1_1, method: .GET, uri: url.target, headers: headers)
    }

    /// Whether the server has switched protocols, by the book.
    func check(_ response: HTTPResponseHead) throws(WebSocketError) {
        guard response.status == .switchingProtocols else {
            let status = Int(response.status.code)
            throw WebSocketError(.refused(status: status), detail: "the server refused the WebSocket with status \(status)")
        }
        let headers = response.headers
        guard headers[canonicalForm: "Upgrade"].map({ $0.lowercased() }) == ["websocket"] else {
            throw .badUpgrade("there is no 'Upgrade: websocket'")
        }
        guard headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            throw .badUpgrade("there is no 'Connection: Upgrade'")
        }
        let upgrader = NIOWebSocketClientUpgrader(requestKey: key) { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        guard upgrader.shouldAllowUpgrade(upgradeResponse: response) else {
            throw .badUpgrade("Sec-WebSocket-Accept does not answer our key")
        }
        guard !headers.contains(name: "Sec-WebSocket-Extensions") else { throw .badUpgrade("it picked an extension that was not offered") }
        guard !headers.contains(name: "Sec-WebSocket-Protocol") else { throw .badUpgrade("it picked a subprotocol that was not offered") }
    }
}

extension WebSocketError {
    fileprivate static func badUpgrade(_ problem: String) -> Self {
        Self(.protocolViolation(.protocolError), detail: "the server's answer to the upgrade is wrong: \(problem)")
    }
}
