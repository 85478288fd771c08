import FoundationEssentials
import Testing

@testable import Transport

/// The other side is not ours: Python's `websockets`, and `wsproto` for what it must not do.
@Suite("Peers in Python", .enabled(if: PythonPeer.interpreter != nil, PythonPeer.missing), .timeLimit(.minutes(2)))
struct PythonPeerTests {
    private static let client = NIOWebSocketClient(environment: [:], maximumMessageSize: 2 << 20)

    private func connect<Value: Sendable>(
        _ port: Int,
        _ path: String,
        _ body: @Sendable (any WebSocket) async throws -> Value
    ) async throws -> Value {
        try await Self.client.withConnection(to: "ws://127.0.0.1:\(port)\(path)", timeout: .seconds(60), body)
    }

    // MARK: `websockets` serves

    @Test(
        "Messages that websockets echoes come back as they were",
        arguments: [0, 1, 125, 126, 65_535, 65_536, 1 << 20]
    )
    func echo(size: Int) async throws {
        let text = WebSocketMessage.text(String(repeating: "é", count: size / 2) + String(repeating: "x", count: size % 2))
        let binary = WebSocketMessage.binary((0..<size).map { UInt8(truncatingIfNeeded: $0) })
        try await withServer { port in
            try await connect(port, "/echo") { socket in
                for message in [text, binary] {
                    try await socket.send(message)
                    let back = try await socket.receive()
                    #expect((back == message) as Bool)
                }
            }
        }
    }

    @Test("Close codes of websockets are told", arguments: [1000, 1001, 1003, 1007, 1008, 1009, 1011, 1012, 3000, 4999] as [UInt16])
    func closes(code: UInt16) async throws {
        try await withServer { port in
            let error = try await #require(throws: WebSocketError.self) {
                try await connect(port, "/close/\(code)") { _ = try await $0.receive() }
            }
            #expect(error.code == .closed(WebSocketCloseCode(rawValue: code)))
        }
    }

    @Test("A server that hangs up without a close frame is told from one that says goodbye", arguments: ["abort", "close"])
    func drop(how: String) async throws {
        try await withServer { port in
            let error = try await #require(throws: WebSocketError.self) {
                try await connect(port, "/drop/\(how)") { socket in
                    while true { _ = try await socket.receive() }
                }
            }
            #expect(error.code == .closed(nil))
        }
    }

    @Test("Fragments, pings, a deflate offer and refusals of websockets")
    func manners() async throws {
        try await withServer { port in
            let fragments = try await connect(port, "/fragments") { [try await $0.receive(), try await $0.receive()] }
            #expect(fragments == [.text("Héllo 😀"), .binary([0] + [UInt8](repeating: 255, count: 70_000))])
            let pongs = try await connect(port, "/ping") { try await $0.receive() }
            #expect(pongs == .text("pongs arrived"))
            for status in [400, 401, 403, 404, 410, 429, 500, 503] {
                let error = try await #require(throws: WebSocketError.self) { try await connect(port, "/deny/\(status)") { _ in } }
                #expect(error.code == .refused(status: status))
            }
        }
    }

    @Test("websockets is told that its message is too big")
    func tooBig() async throws {
        try await PythonPeer.run("echo_server") { server in
            let port = try await server.readPort()
            let error = try await #require(throws: WebSocketError.self) {
                try await connect(port, "/big/\((2 << 20) + 1)") { _ = try await $0.receive() }
            }
            #expect(error.code == .protocolViolation(.messageTooBig))
            #expect(try await server.readLine() == "closed with 1009")
        }
    }

    private func withServer(_ body: @escaping @Sendable (_ port: Int) async throws -> Void) async throws {
        try await PythonPeer.run("echo_server") { try await body($0.readPort()) }
    }

    // MARK: `websockets` calls

    @Test("A client on websockets is content with our server")
    func pythonClient() async throws {
        try await SocketServer.run { socket in
            while true {
                let message = try await socket.receive()
                if message == .text("close 4321") { return await socket.close(WebSocketCloseCode(rawValue: 4321), reason: "as you like") }
                try await socket.send(message)
            }
        } _: { port in
            try await PythonPeer.run("client", ["\(port)"]) { client in
                var checks: [String] = []
                while let line = try await client.readLine() { checks.append(line) }
                #expect(checks.last == "many_at_once")
            }
        }
    }

    // MARK: `wsproto` judges

    /// wsproto takes 1014, registered in 2016, for a violation of ours.
    private static let cases = HostileCase.all.filter { $0.answer != 1014 }

    private struct Attack: Encodable {
        var port: Int
        var send: String
        var slowly: Bool
        var eof: Bool
    }

    @Test("wsproto understands what our client answers to hostile frames", arguments: [false, true])
    func hostileServer(slowly: Bool) async throws {
        try await PythonPeer.run("hostile_server") { server in
            let port = try await server.readPort()
            let client = NIOWebSocketClient(environment: [:], maximumMessageSize: HostileCase.maximumMessageSize)
            for hostile in Self.cases where !slowly || hostile.bytes(from: .server).count < 300 {
                let query = "send=\(hex(hostile.bytes(from: .server)))" + (hostile.endsConnection ? "&eof" : "") + (slowly ? "&slowly" : "")
                let error = await #expect(throws: WebSocketError.self) {
                    try await client.withConnection(to: "ws://127.0.0.1:\(port)/?\(query)", timeout: .seconds(60)) { socket in
                        while true { _ = try await socket.receive() }
                    }
                }
                #expect(error?.code == hostile.end, "\(hostile.name)")
                try await expect(hostile, server.readLine())
            }
        }
    }

    @Test("wsproto understands what our server answers to hostile frames", arguments: [false, true])
    func hostileClient(slowly: Bool) async throws {
        try await SocketServer.run(maximumMessageSize: HostileCase.maximumMessageSize) { socket in
            while true { _ = try await socket.receive() }
        } _: { port in
            try await PythonPeer.run("hostile_client") { client in
                for hostile in Self.cases where !slowly || hostile.bytes(from: .client).count < 300 {
                    let attack = Attack(port: port, send: hex(hostile.bytes(from: .client)), slowly: slowly, eof: hostile.endsConnection)
                    try await client.write(line: String(decoding: JSONEncoder().encode(attack), as: UTF8.self))
                    try await expect(hostile, client.readLine())
                }
            }
        }
    }

    /// Pongs, then our close frame if there is one, then the end of the connection if wsproto has looked on for so long.
    private func expect(_ hostile: HostileCase, _ line: String?) throws {
        let seen = try JSONDecoder().decode([[Seen]].self, from: Data((line ?? "[]").utf8))
        let pongs: [[Seen]] = hostile.pongs.map { [.text("pong"), .text($0)] }
        let close: [[Seen]] = hostile.answer.map { [[.text("close"), .number(Int($0))]] } ?? []
        let rest = seen.last == [.text("end")] ? seen.dropLast() : seen[...]
        #expect(Array(rest) == pongs + close, "\(hostile.name)")
        #expect(!rest.isEmpty || seen.count == 1, "\(hostile.name)")
    }

    private enum Seen: Decodable, Hashable {
        case text(String)
        case number(Int)

        init(from decoder: any Decoder) throws {
            let container = try decoder.singleValueContainer()
            if let number = try? container.decode(Int.self) {
                self = .number(number)
            } else {
                self = .text(try container.decode(String.self))
            }
        }
    }

    private func hex(_ bytes: [UInt8]) -> String {
        bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
    }
}
