import Synchronization
import TestSupport
import Testing
import Transport

@Suite("A WebSocket without sockets")
struct InMemoryWebSocketTests {
    /// The code that the body throws.
    private func code(_ body: () async throws -> Void) async -> WebSocketError.Code? {
        do {
            try await body()
            return nil
        } catch {
            return (error as? WebSocketError)?.code
        }
    }

    @Test("What one end sends, the other receives, in order")
    func order() async throws {
        let (near, far) = InMemoryWebSocket.pair()
        for number in 0..<10 { try await near.send("\(number)") }
        try await far.send(.binary([1]))
        for number in 0..<10 { #expect(try await far.receive() == .text("\(number)")) }
        #expect(try await near.receive() == .binary([1]))
    }

    @Test("A sender waits while the other end does not read, and nothing is lost")
    func backPressure() async throws {
        let (near, far) = InMemoryWebSocket.pair(capacity: 2)
        let sent = Mutex(0)
        let sender = Task {
            for number in 0..<100 {
                try await near.send("\(number)")
                sent.withLock { $0 += 1 }
            }
        }
        for number in 0..<100 {
            #expect(try await far.receive() == .text("\(number)"))
            #expect(sent.withLock { $0 } <= number + 4)
        }
        try await sender.value
    }

    @Test("A reader that waits gets the next message")
    func waitingReader() async throws {
        let (near, far) = InMemoryWebSocket.pair()
        let reader = Task { try await far.receive() }
        await Task.yield()
        try await near.send("hi")
        #expect(try await reader.value == .text("hi"))
    }

    @Test("After a close the other end reads what was sent before, then the code; nobody sends any more")
    func close() async throws {
        let (near, far) = InMemoryWebSocket.pair()
        try await near.send("last words")
        try await far.send("never read")
        await near.close(.policyViolation, reason: "enough")
        await near.close(.normal, reason: "")
        #expect(try await far.receive() == .text("last words"))
        #expect(await code { _ = try await far.receive() } == .closed(.policyViolation))
        #expect(await code { try await far.send("too late") } == .closed(.policyViolation))
        #expect(await code { _ = try await near.receive() } == .closed(.policyViolation))
        #expect(await code { try await near.send("too late") } == .closed(.policyViolation))
    }

    @Test("A dropped connection ends without a code, for those who wait too")
    func drop() async throws {
        let (near, far) = InMemoryWebSocket.pair(capacity: 1)
        try await near.send("fills it")
        let sender = Task { try await near.send("waits") }
        let reader = Task { try await near.receive() }
        await Task.yield()
        far.drop()
        #expect(await code { try await sender.value } == .closed(nil))
        #expect(await code { _ = try await reader.value } == .closed(nil))
    }

    @Test("Cancelling a waiting reader or sender lets it go, and the socket lives on")
    func cancelled() async throws {
        let (near, far) = InMemoryWebSocket.pair(capacity: 1)
        let reader = Task { try await near.receive() }
        reader.cancel()
        #expect(await code { _ = try await reader.value } == .cancelled)
        try await near.send("1")
        let sender = Task { try await near.send("2") }
        sender.cancel()
        #expect(await code { try await sender.value } == .cancelled)
        #expect(try await far.receive() == .text("1"))
        try await near.send("3")
        #expect(try await far.receive() == .text("3"))
    }
}

@Suite("A WebSocket client without sockets")
struct InMemoryWebSocketClientTests {
    private let client = InMemoryWebSocketClient(time: SystemTime()) { url throws(WebSocketError) in
        guard url.hasSuffix("token") else { throw WebSocketError(.refused(status: 403), detail: "forbidden") }
        return { socket in
            while let message = try? await socket.receive() { try? await socket.send(message) }
        }
    }

    @Test("The service answers, and sees the close")
    func echo() async throws {
        let answer = try await client.withConnection(to: "ws://a/token", timeout: .seconds(60)) { socket in
            try await socket.send("hi")
            return try await socket.receive()
        }
        #expect(answer == .text("hi"))
    }

    @Test("The connection is closed, too, when the body throws")
    func bodyThrows() async throws {
        struct Failure: Error {}
        await #expect(throws: Failure.self) {
            try await client.withConnection(to: "ws://a/token", timeout: .seconds(60)) { _ in throw Failure() }
        }
    }

    @Test("A service that leaves closes the connection")
    func serviceLeaves() async throws {
        let client = InMemoryWebSocketClient(time: SystemTime()) { _ in { socket in await socket.close(.goingAway, reason: "restart") } }
        let error = await #expect(throws: WebSocketError.self) {
            try await client.withConnection(to: "wss://a/", timeout: .seconds(60)) { socket in try await socket.receive() }
        }
        #expect(error?.code == .closed(.goingAway))
        #expect(error?.detail == "closed with code 1001: restart")
    }

    @Test(
        "A refusal, and a URL of another kind, is an error before the body runs",
        arguments: [("ws://a/other", .refused(status: 403)), ("http://a/token", .invalidURL)] as [(String, WebSocketError.Code)]
    )
    func refused(url: String, code: WebSocketError.Code) async throws {
        let error = await #expect(throws: WebSocketError.self) {
            try await client.withConnection(to: url, timeout: .seconds(60)) { _ in Issue.record("the body ran") }
        }
        #expect(error?.code == code)
    }

    @Test("A service that does not accept in time is given up")
    func timeout() async throws {
        let time = VirtualTime()
        let client = InMemoryWebSocketClient(time: time) { _ in
            try? await time.sleep(for: .seconds(60))
            return { _ in }
        }
        let task = Task { try await client.withConnection(to: "ws://a/", timeout: .seconds(5)) { _ in } }
        await time.sleepers(2)
        time.advance(by: .seconds(5))
        let error = await #expect(throws: WebSocketError.self) { try await task.value }
        #expect(error?.code == .timedOut)
    }
}
