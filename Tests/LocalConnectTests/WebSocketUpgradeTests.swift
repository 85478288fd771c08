import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import ServiceLifecycle
import TestSupport
import Testing
import Transport

@testable import LocalConnect

@Suite("HTTP and WebSockets on one port", .timeLimit(.minutes(1)))
struct WebSocketUpgradeTests {
    /// A server whose /echo echoes over a WebSocket, whose /goodbye says one thing, and which answers everything else with what was sent to it.
    private func withServer<Value: Sendable>(
        _ body: @escaping @Sendable (_ port: Int, _ group: ServiceGroup) async throws -> Value
    ) async throws -> Value {
        let ports = AsyncStream.makeStream(of: Int.self)
        var logger = Logger(label: "test")
        logger.logLevel = .critical
        let application = Application(
            responder: CallbackResponder { (request: Request, _: BasicRequestContext) in
                let text = try await request.body.collect(upTo: 1 << 24)
                return Response(
                    status: .ok,
                    body: .init(byteBuffer: ByteBuffer(string: "\(request.method) \(request.uri.path) \(text.readableBytes)"))
                )
            },
            server: .http1WithWebSockets { request in
                switch request.uri.path {
                case "/echo": .accept { socket in while let message = try? await socket.receive() { try? await socket.send(message) } }
                case "/goodbye": .accept { socket in try? await socket.send("goodbye") }
                case "/refused": .refuse(.forbidden)
                default: .ignore
                }
            },
            configuration: .init(address: .hostname("127.0.0.1", port: 0)),
            onServerRunning: { channel in ports.continuation.yield(channel.localAddress?.port ?? 0) },
            logger: logger
        )
        let group = ServiceGroup(configuration: .init(services: [application], logger: logger))
        return try await withThrowingTaskGroup(of: Void.self) { tasks in
            tasks.addTask { try await group.run() }
            var iterator = ports.stream.makeAsyncIterator()
            let port = try #require(await iterator.next())
            let value = try await body(port, group)
            await group.triggerGracefulShutdown()
            try await tasks.waitForAll()
            return value
        }
    }

    private static func upgrade(_ path: String, _ extra: String = "") -> String {
        "GET \(path) HTTP/1.1\r\nHost: x\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
            + "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\(extra)\r\n"
    }

    @Test("A connection that carried requests becomes a WebSocket, with what the client sends too early")
    func upgradeAfterRequests() async throws {
        try await withServer { port, _ in
            try await RawPeer.connect(to: port) { client in
                for number in 1...3 {
                    try await client.write("POST /\(number) HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello")
                    #expect(try await client.readHead()?.first == "HTTP/1.1 200 OK")
                    #expect(try await client.read(count: 9) == Array("POST /\(number) 5".utf8))
                }
                try await client.write(Array(Self.upgrade("/echo").utf8) + TestFrame.text("early").bytes(from: .client))
                let head = try #require(try await client.readHead())
                #expect(head.first == "HTTP/1.1 101 Switching Protocols")
                #expect(head.contains { $0.hasSuffix("s3pPLMBiTxaQ9kYGzzhZRbK+xOo=") })
                #expect(try await client.readFrame()?.payload == Array("early".utf8))
                try await client.write([TestFrame.ping("p"), .text("late")].bytes(from: .client))
                let answers = [try await client.readFrame(), try await client.readFrame()]
                #expect(answers.map { $0?.payload } == [Array("p".utf8), Array("late".utf8)])
                try await client.write(TestFrame.close(1000).bytes(from: .client))
                #expect(try await client.readFrames().map(\.closeCode) == [1000])
                #expect(try await client.isAtEnd())
            }
        }
    }

    @Test("Requests that follow one another without waiting are answered in order, and so is the upgrade behind them")
    func pipelining() async throws {
        try await withServer { port, _ in
            try await RawPeer.connect(to: port) { client in
                try await client.write(
                    (1...20).map { "GET /\($0) HTTP/1.1\r\nHost: x\r\n\r\n" }.joined() + Self.upgrade("/goodbye")
                )
                for number in 1...20 {
                    #expect(try await client.readHead()?.first == "HTTP/1.1 200 OK")
                    let text = "GET /\(number) 0"
                    #expect(try await client.read(count: text.utf8.count) == Array(text.utf8))
                }
                #expect(try await client.readHead()?.first == "HTTP/1.1 101 Switching Protocols")
                #expect(try await client.readFrames().map(\.payload) == [Array("goodbye".utf8), [0x03, 0xE8]])
            }
        }
    }

    @Test(
        "What is refused, broken or meant for something else is answered as HTTP, and the connection ends there",
        arguments: [
            (upgrade("/refused"), "403 Forbidden"), (upgrade("/other"), "200 OK"),
            (upgrade("/echo").replacing("Version: 13", with: "Version: 7"), "426 Upgrade Required"),
            (upgrade("/echo").replacing("dGhl", with: "!!!!"), "400 Bad Request"),
            (upgrade("/echo").replacing("GET", with: "POST"), "405 Method Not Allowed"),
            (
                "POST /h2c HTTP/1.1\r\nHost: x\r\nConnection: Upgrade, HTTP2-Settings\r\nUpgrade: h2c\r\nContent-Length: 5\r\n\r\nhello",
                "200 OK"
            ),
        ]
    )
    func notUpgraded(request: String, status: String) async throws {
        try await withServer { port, _ in
            try await RawPeer.connect(to: port) { client in
                try await client.write(request)
                #expect(try await client.readHead()?.first == "HTTP/1.1 \(status)")
                _ = try await client.readToEnd()
            }
        }
    }

    @Test(
        "Garbage and header bombs are answered with 400",
        arguments: [("garbage\r\n\r\n", 1), ("GET / HTTP/1.1\r\nX: xxxxxxxxxx", 20_000)]
    )
    func garbage(text: String, times: Int) async throws {
        let request = text + String(repeating: "x", count: 10 * (times - 1))
        try await withServer { port, _ in
            try await RawPeer.connect(to: port) { client in
                try await client.write(request)
                #expect(try await client.readHead()?.first == "HTTP/1.1 400 Bad Request")
                _ = try await client.readToEnd()
            }
        }
    }

    @Test("Large bodies go through in both directions")
    func largeBody() async throws {
        try await withServer { port, _ in
            let body = Transport.HTTPRequest.Body.bytes([UInt8](repeating: 7, count: 10 << 20))
            let response = try await CurlHTTPClient(environment: [:]).send(
                Transport.HTTPRequest("PUT", "http://127.0.0.1:\(port)/big", body: body)
            )
            #expect(String(decoding: response.body, as: UTF8.self) == "PUT /big \(10 << 20)")
        }
    }

    @Test("The server says 1000 when the handler returns")
    func handlerReturns() async throws {
        try await withServer { port, _ in
            let client = NIOWebSocketClient(environment: [:])
            let error = try await #require(throws: WebSocketError.self) {
                try await client.withConnection(to: "ws://127.0.0.1:\(port)/goodbye", timeout: .seconds(60)) { socket in
                    while true { _ = try await socket.receive() }
                }
            }
            #expect(error.code == .closed(.normal))
        }
    }

    @Test("A graceful shutdown says 1001 to every socket, and then ends")
    func gracefulShutdown() async throws {
        try await withServer { port, group in
            let client = NIOWebSocketClient(environment: [:])
            try await withThrowingTaskGroup(of: WebSocketError.Code?.self) { sockets in
                let opened = AsyncStream.makeStream(of: Void.self)
                for _ in 0..<50 {
                    sockets.addTask {
                        do {
                            try await client.withConnection(to: "ws://127.0.0.1:\(port)/echo", timeout: .seconds(60)) { socket in
                                try await socket.send("hello")
                                _ = try await socket.receive()
                                opened.continuation.yield()
                                _ = try await socket.receive()
                            }
                            return nil
                        } catch {
                            return (error as? WebSocketError)?.code
                        }
                    }
                }
                var iterator = opened.stream.makeAsyncIterator()
                for _ in 0..<50 { await iterator.next() }
                await group.triggerGracefulShutdown()
                for try await code in sockets { #expect(code == .closed(.goingAway)) }
            }
        }
    }
}
