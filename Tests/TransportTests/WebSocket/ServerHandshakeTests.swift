import NIOHTTP1
import TestSupport
import Testing

@testable import Transport

@Suite("The server's upgrade", .timeLimit(.minutes(1)))
struct ServerHandshakeTests {
    @Test("The answer to the standard's example is the standard's")
    func example() async throws {
        let head = try await answer(to: Handshake.request)
        #expect(head.first == "HTTP/1.1 101 Switching Protocols")
        #expect(
            Set(head.dropFirst().map { $0.lowercased() })
                == ["upgrade: websocket", "connection: upgrade", "sec-websocket-accept: \(Handshake.accept.lowercased())"]
        )
        #expect(head.contains { $0.hasSuffix(Handshake.accept) })
    }

    @Test(
        "Header names and values are compared without case, and lists are searched; what is offered is not taken",
        arguments: [
            ["Upgrade": "WebSocket"], ["Connection": "keep-alive, UPGRADE"], ["Upgrade": "h2c, websocket"],
            ["Sec-WebSocket-Extensions": "permessage-deflate; client_max_window_bits"], ["Sec-WebSocket-Protocol": "chat, superchat"],
            ["Origin": "https://example.com", "Cookie": "a=b"],
        ]
    )
    func accepted(changes: [String: String]) async throws {
        let head = try await answer(to: Handshake.request(changes))
        #expect(head.first == "HTTP/1.1 101 Switching Protocols")
        #expect(head.count == 4)
    }

    @Test(
        "A broken upgrade is refused",
        arguments: [
            (["Sec-WebSocket-Version": nil], 426), (["Sec-WebSocket-Version": "8"], 426), (["Sec-WebSocket-Version": "13, 8"], 426),
            (["Sec-WebSocket-Key": nil], 400), (["Sec-WebSocket-Key": ""], 400), (["Sec-WebSocket-Key": "short"], 400),
            (["Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZQ"], 400), (["Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25j!!=="], 400),
            (["Sec-WebSocket-Key": "dGhlIHNhbXBsZSBub25jZSBsb25nZXI="], 400), (["Connection": nil], 400), (["Connection": "close"], 400),
        ] as [([String: String?], Int)]
    )
    func refused(changes: [String: String?], status: Int) async throws {
        let head = try await answer(to: Handshake.request(changes))
        #expect(head.first?.hasPrefix("HTTP/1.1 \(status) ") == true)
        #expect(head.contains("Sec-WebSocket-Version: 13") == (status == 426))
    }

    @Test("Only GET upgrades")
    func method() {
        let headers = HTTPHeaders([("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", Handshake.key)])
        let refusal = #expect(throws: ServerHandshake.Refusal.self) { try ServerHandshake(method: .POST, headers: headers) }
        #expect(refusal?.status == 405)
    }

    @Test("Frames that a client sends before it has the answer are not lost")
    func eagerClient() async throws {
        try await SocketServer.run(serving: SocketServer.echo) { port in
            try await RawPeer.connect(to: port) { client in
                try await client.write(Array(Handshake.request.utf8) + [TestFrame.text("early"), .ping("p")].bytes(from: .client))
                _ = try await client.readHead()
                let frames = [try await client.readFrame(), try await client.readFrame()].compactMap(\.self)
                #expect(Set(frames.map(\.payload)) == [Array("early".utf8), Array("p".utf8)])
            }
        }
    }

    private func answer(to request: String) async throws -> [String] {
        try await SocketServer.run(serving: { _ in }) { port in
            try await RawPeer.connect(to: port) { client in
                try await client.write(request)
                return try await client.readHead() ?? []
            }
        }
    }
}
