package import NIOCore
package import NIOHTTP1
import NIOWebSocket

/// The server's half of the upgrade (RFC 6455, section 4.2). It picks no subprotocol and no extension.
package struct ServerHandshake: Sendable {
    /// Why a request cannot become a WebSocket, to be answered with the status and headers.
    package struct Refusal: Error, Hashable, Sendable {
        package var status: Int
        package var headers: [String: String] = [:]
        package var reason: String
    }

    private let key: String

    /// Whether the request is meant for ``init(method:headers:)``.
    package static func isRequested(in headers: HTTPHeaders) -> Bool {
        headers[canonicalForm: "Upgrade"].contains { $0.lowercased() == "websocket" }
    }

    package init(method: HTTPMethod, headers: HTTPHeaders) throws(Refusal) {
        guard method == .GET else { throw Refusal(status: 405, headers: ["Allow": "GET"], reason: "an upgrade is asked for with GET") }
        guard headers[canonicalForm: "Connection"].contains(where: { $0.lowercased() == "upgrade" }) else {
            throw Refusal(status: 400, reason: "an upgrade needs the header 'Connection: Upgrade'")
        }
        guard headers["Sec-WebSocket-Version"] == ["13"] else {
            throw Refusal(status: 426, headers: ["Sec-WebSocket-Version": "13"], reason: "the version of the protocol is 13")
        }
        let keys = headers["Sec-WebSocket-Key"]
        guard keys.count == 1, let key = keys.first, Self.isSixteenBytes(key) else {
            throw Refusal(status: 400, reason: "Sec-WebSocket-Key must be 16 bytes in base64")
        }
        self.key = key
    }

    /// Answers 101 and makes a WebSocket of the channel. On its event loop, with the connection's HTTP handlers out of the way:
    /// all but `predecessor`, which passes bytes from then on.
    package func accept(
        on channel: any Channel,
        after predecessor: any ChannelHandler,
        maximumMessageSize: Int = NIOWebSocket.defaultMaximumMessageSize
    ) throws -> NIOWebSocket {
        try channel.syncOptions?.setOption(.recvAllocator, value: TransientReceiveAllocator())
        try channel.syncOptions?.setOption(.maxMessagesPerRead, value: 1)
        let socket = try NIOWebSocket.add(
            to: channel,
            role: .server,
            maximumMessageSize: maximumMessageSize,
            position: .after(predecessor)
        )
        let upgrader = NIOWebSocketServerUpgrader(
            shouldUpgrade: { channel, _ in channel.eventLoop.makeSucceededFuture([:]) },
            upgradePipelineHandler: { channel, _ in channel.eventLoop.makeSucceededVoidFuture() }
        )
        let request = HTTPRequestHead(
            version: .http1_1,
            method: .GET,
            uri: "/",
            headers: ["Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13"]
        )
        upgrader.buildUpgradeResponse(channel: channel, upgradeRequest: request, initialResponseHeaders: [:])
            .whenSuccess { headers in
                var response = "HTTP/1.1 101 Switching Protocols\r\n"
                for (name, value) in headers { response += "\(name): \(value)\r\n" }
                channel.writeAndFlush(ByteBuffer(string: response + "\r\n"), promise: nil)
            }
        return socket
    }

    private static func isSixteenBytes(_ key: String) -> Bool {
        let isBase64 = key.utf8.dropLast(2).allSatisfy { byte in
            switch byte {
            case UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
                UInt8(ascii: "+"), UInt8(ascii: "/"):
                true
            default: false
            }
        }
        return key.utf8.count == 24 && key.hasSuffix("==") && isBase64
    }
}
