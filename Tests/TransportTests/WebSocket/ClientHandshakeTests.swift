import TestSupport
import Testing

@testable import Transport

@Suite("The client's upgrade", .timeLimit(.minutes(1)))
struct ClientHandshakeTests {
    private static let client = NIOWebSocketClient(environment: [:])

    /// What a server answers, and what the client says about it.
    struct Answer: Sendable, CustomTestStringConvertible {
        var testDescription: String
        var code: WebSocketError.Code
        var answer: @Sendable (_ request: [String]) -> String

        init(_ name: String, _ code: WebSocketError.Code, _ answer: @escaping @Sendable (_ request: [String]) -> String) {
            testDescription = name
            self.code = code
            self.answer = answer
        }

        private static func changed(_ name: String, _ changes: [String: String?]) -> Answer {
            Answer(name, .protocolViolation(.protocolError)) { Handshake.response(to: $0, changes) }
        }

        private static func refused(_ status: Int, _ rest: String) -> Answer {
            Answer("status \(status)", .refused(status: status)) { _ in "HTTP/1.1 \(status) \(rest)" }
        }

        static let all: [Answer] = [
            changed("no Sec-WebSocket-Accept", ["Sec-WebSocket-Accept": nil]),
            changed("the accept of another key", ["Sec-WebSocket-Accept": Handshake.accept]),
            changed("no Upgrade", ["Upgrade": nil]),
            changed("an Upgrade to something else", ["Upgrade": "h2c"]),
            changed("no Connection", ["Connection": nil]),
            changed("Connection: close", ["Connection": "close"]),
            changed("a subprotocol", ["Sec-WebSocket-Protocol": "chat"]),
            changed("an extension", ["Sec-WebSocket-Extensions": "permessage-deflate"]),
            changed("no headers at all", ["Sec-WebSocket-Accept": nil, "Upgrade": nil, "Connection": nil]),
            Answer("a line of garbage", .protocolViolation(.protocolError)) { _ in "SSH-2.0-OpenSSH_9.2p1\r\n" },
            Answer("binary garbage", .protocolViolation(.protocolError)) { _ in String(repeating: "\u{1}\u{2}\u{3}", count: 50) },
            Answer("HTTP/2's preface", .protocolViolation(.protocolError)) { _ in "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n" },
            Answer("a header of 100 KiB", .protocolViolation(.protocolError)) { request in
                Handshake.response(to: request, ["X-Bomb": String(repeating: "x", count: 100 << 10)])
            },
            Answer("a thousand headers", .protocolViolation(.protocolError)) { request in
                let bombs = (0..<1000).map { ("X-Bomb-\($0)", Optional("x")) }
                return Handshake.response(to: request, Dictionary(uniqueKeysWithValues: bombs))
            },
            Answer("a header that never ends", .protocolViolation(.protocolError)) { _ in
                "HTTP/1.1 101 Switching Protocols\r\nX-Bomb: " + String(repeating: "x", count: 1 << 20)
            },
            Answer("nothing but the end", .cannotConnect) { _ in "" },
            Answer("half an answer", .cannotConnect) { String(Handshake.response(to: $0).prefix(60)) },
            refused(200, "OK\r\nContent-Length: 2\r\n\r\nok"),
            refused(204, "No Content\r\n\r\n"),
            refused(302, "Found\r\nLocation: ws://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n"),
            refused(401, "Unauthorized\r\nContent-Length: 0\r\n\r\n"),
            refused(403, "Forbidden\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nnope\r\n0\r\n\r\n"),
            refused(404, "Not Found\r\nContent-Length: 1000000\r\n\r\nthe body never comes"),
            refused(410, "Gone\r\n\r\n"),
            refused(426, "Upgrade Required\r\nSec-WebSocket-Version: 8\r\nContent-Length: 0\r\n\r\n"),
            refused(429, "Too Many Requests\r\nContent-Length: 0\r\n\r\n"),
            refused(500, "Internal Server Error\r\nContent-Length: 0\r\n\r\n"),
            refused(503, "Service Unavailable\r\nContent-Length: 0\r\n\r\n"),
        ]
    }

    @Test("An answer that is not the upgrade is an error that says what it was, without the URL's secrets", arguments: Answer.all)
    func wrongAnswers(_ answer: Answer) async throws {
        try await RawPeer.listen { server in
            guard let request = try await server.readHead() else { return }
            try await server.write(answer.answer(request))
            server.finish()
            _ = try await server.readToEnd()
        } _: { port in
            let error = try await #require(throws: WebSocketError.self) {
                try await Self.client.withConnection(to: "ws://127.0.0.1:\(port)/secret?ticket=secret", timeout: .seconds(60)) { _ in }
            }
            #expect(error.code == answer.code)
            #expect(!error.detail.contains("secret"))
        }
    }

    @Test("The request is what RFC 6455 asks for, with the query, and a new key every time")
    func request() async throws {
        let requests = AsyncStream.makeStream(of: [String].self)
        let port = try await RawPeer.listen { server in
            requests.continuation.yield(try #require(try await server.readHead()))
        } _: { port in
            for _ in 0..<2 {
                await #expect(throws: WebSocketError.self) {
                    try await Self.client.withConnection(to: "ws://127.0.0.1:\(port)?a=1&b=%20", timeout: .seconds(60)) { _ in }
                }
            }
            return port
        }
        var iterator = requests.stream.makeAsyncIterator()
        var keys: Set<String> = []
        for _ in 0..<2 {
            let lines = try #require(await iterator.next())
            let keyLine = try #require(lines.first { $0.hasPrefix("Sec-WebSocket-Key: ") })
            keys.insert(keyLine)
            #expect(keyLine.count == "Sec-WebSocket-Key: ".count + 24)
            #expect(
                Set(lines) == [
                    "GET /?a=1&b=%20 HTTP/1.1", "Host: 127.0.0.1:\(port)", "Upgrade: websocket", "Connection: Upgrade",
                    "Sec-WebSocket-Version: 13",
                    keyLine,
                ]
            )
        }
        #expect(keys.count == 2)
    }

    @Test("Frames that come in one packet with the answer, or byte by byte after it, all arrive", arguments: [true, false])
    func framesWithTheAnswer(inOnePacket: Bool) async throws {
        let frames: [TestFrame] = [.text("one"), .ping("p"), .text("two")]
        try await RawPeer.listen { server in
            let request = try #require(try await server.readHead())
            let bytes = Array(Handshake.response(to: request).utf8) + frames.bytes(from: .server)
            if inOnePacket {
                try await server.write(bytes)
            } else {
                for byte in bytes { try await server.write([byte]) }
            }
            #expect(try await server.readFrame()?.payload == Array("p".utf8))
            _ = try await server.readFrames()
        } _: { port in
            let messages = try await Self.client.withConnection(to: "ws://127.0.0.1:\(port)/", timeout: .seconds(60)) { socket in
                [try await socket.receive(), try await socket.receive()]
            }
            #expect(messages == [.text("one"), .text("two")])
        }
    }

    @Test("Interim responses before the answer are skipped")
    func interimResponses() async throws {
        try await RawPeer.listen { server in
            let request = try #require(try await server.readHead())
            try await server.write(
                "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n" + Handshake.response(to: request)
            )
            try await server.write(TestFrame.text("hello").bytes(from: .server))
            _ = try await server.readFrames()
        } _: { port in
            let message = try await Self.client.withConnection(to: "ws://127.0.0.1:\(port)/", timeout: .seconds(60)) {
                try await $0.receive()
            }
            #expect(message == .text("hello"))
        }
    }

    @Test("A server that never answers, or drips its answer, is given up when the time is over", arguments: [true, false])
    func timeout(drips: Bool) async throws {
        try await RawPeer.listen { server in
            _ = try await server.readHead()
            if drips {
                for byte in Array("HTTP/1.1 101 Swi".utf8) { try await server.write([byte]) }
            }
            _ = try await server.readToEnd()
        } _: { port in
            let error = try await #require(throws: WebSocketError.self) {
                try await Self.client.withConnection(to: "ws://127.0.0.1:\(port)/?secret", timeout: .milliseconds(200)) { _ in }
            }
            #expect(error.code == .timedOut)
            #expect(!error.detail.contains("secret"))
        }
    }

    @Test("Cancelling while the server is silent gives up at once, and closes the connection")
    func cancellation() async throws {
        let isClosed = AsyncStream.makeStream(of: Void.self)
        let isAsked = AsyncStream.makeStream(of: Void.self)
        try await RawPeer.listen { server in
            _ = try await server.readHead()
            isAsked.continuation.yield()
            _ = try await server.readToEnd()
            isClosed.continuation.yield()
        } _: { port in
            let task = Task {
                try await Self.client.withConnection(to: "ws://127.0.0.1:\(port)/", timeout: .seconds(60)) { _ in }
            }
            var asked = isAsked.stream.makeAsyncIterator()
            await asked.next()
            task.cancel()
            let error = await #expect(throws: WebSocketError.self) { try await task.value }
            #expect(error?.code == .cancelled)
            var closed = isClosed.stream.makeAsyncIterator()
            await closed.next()
        }
    }

    @Test("Nobody listens")
    func nobodyListens() async throws {
        let port = try await RawPeer.listen(serving: { _ in }, { $0 })
        let error = try await #require(throws: WebSocketError.self) {
            try await Self.client.withConnection(to: "ws://127.0.0.1:\(port)/?secret", timeout: .seconds(60)) { _ in }
        }
        #expect(error.code == .cannotConnect)
        #expect(error.detail.contains("127.0.0.1:\(port)"))
        #expect(!error.detail.contains("secret"))
    }

    @Test("A name that does not exist")
    func unknownHost() async throws {
        let error = try await #require(throws: WebSocketError.self) {
            try await Self.client.withConnection(to: "ws://no-such-host.invalid/?secret", timeout: .seconds(20)) { _ in }
        }
        #expect(error.code == .cannotConnect)
        #expect(error.detail.contains("no-such-host.invalid:80"))
    }

    @Test(
        "What is no URL of a WebSocket is refused before anything happens, without repeating it",
        arguments: [
            "", "secret", "http://host/secret", "https://host/", "ws://", "ws:///secret", "wss:host", "ws://host:0/", "ws://host:65536/",
            "ws://user:secret@host/", "ws://secret@host/", "ws://host/#secret", "ws://ho st/", "ws://host:port/", "//host/",
        ]
    )
    func invalidURLs(url: String) async throws {
        let error = try await #require(throws: WebSocketError.self) {
            try await Self.client.withConnection(to: url, timeout: .seconds(60)) { _ in }
        }
        #expect(error.code == .invalidURL)
        #expect(!error.detail.contains("secret"))
    }

    @Test(
        "A URL is taken apart",
        arguments: [
            ("ws://host", "host", 80, "/", "host"), ("WSS://Host/a/b?c=d&e", "Host", 443, "/a/b?c=d&e", "Host"),
            ("ws://[::1]:8080/?x", "::1", 8080, "/?x", "[::1]:8080"), ("wss://10.0.0.1:80/", "10.0.0.1", 80, "/", "10.0.0.1:80"),
            ("ws://host:80/%2F%20?q=%C3%A9+%26", "host", 80, "/%2F%20?q=%C3%A9+%26", "host"),
            ("ws://host/line\r\nX-Injected: 1", "host", 80, "/line%0D%0AX-Injected:%201", "host"),
        ]
    )
    func urls(text: String, host: String, port: Int, target: String, authority: String) throws {
        let url = try WebSocketURL(text)
        #expect((url.host, url.port, url.target, url.authority) == (host, port, target, authority))
    }
}
