import Synchronization
import TestSupport
import Testing

@testable import Transport

@Suite("An open socket", .timeLimit(.minutes(1)))
struct WebSocketTests {
    private static let client = NIOWebSocketClient(environment: [:])

    private func connect<Value: Sendable>(
        _ port: Int,
        _ body: @Sendable (any WebSocket) async throws -> Value
    ) async throws -> Value {
        try await Self.client.withConnection(to: "ws://127.0.0.1:\(port)/", timeout: .seconds(60), body)
    }

    @Test(
        "Messages of every size go there and back",
        arguments: [0, 1, 125, 126, 65_535, 65_536, 1 << 20]
    )
    func echo(size: Int) async throws {
        let text = WebSocketMessage.text(String(repeating: "é", count: size / 2) + String(repeating: "x", count: size % 2))
        let binary = WebSocketMessage.binary((0..<size).map { UInt8(truncatingIfNeeded: $0) })
        try await SocketServer.run(serving: SocketServer.echo) { port in
            try await connect(port) { socket in
                for message in [text, binary] {
                    try await socket.send(message)
                    let back = try await socket.receive()
                    #expect((back == message) as Bool)
                }
            }
        }
    }

    @Test("Many senders at once: every message arrives whole, and each sender's in order")
    func manySenders() async throws {
        try await SocketServer.run(serving: SocketServer.echo) { port in
            let received = try await connect(port) { socket in
                try await withThrowingTaskGroup(of: Void.self) { group in
                    for sender in 0..<8 {
                        group.addTask {
                            for number in 0..<100 { try await socket.send("\(sender) \(number) " + String(repeating: "x", count: 3000)) }
                        }
                    }
                    var received: [[Int]] = Array(repeating: [], count: 8)
                    for _ in 0..<800 {
                        guard case .text(let text) = try await socket.receive() else { continue }
                        let parts = text.split(separator: " ")
                        #expect(parts.count == 3 && parts.last?.count == 3000)
                        received[Int(parts[0]) ?? 0].append(Int(parts[1]) ?? -1)
                    }
                    try await group.waitForAll()
                    return received
                }
            }
            #expect(received == Array(repeating: Array(0..<100), count: 8))
        }
    }

    @Test("The client says 1000 when its body returns, 1001 when it throws", arguments: [false, true])
    func codeOfClient(throwing: Bool) async throws {
        struct Failure: Error {}
        let ends = AsyncStream.makeStream(of: WebSocketError.Code.self)
        try await SocketServer.run { socket in
            do throws(WebSocketError) {
                _ = try await socket.receive()
            } catch {
                ends.continuation.yield(error.code)
            }
        } _: { port in
            do {
                try await connect(port) { _ in if throwing { throw Failure() } }
                #expect(!throwing)
            } catch is Failure {
                #expect(throwing)
            }
            // Asked for here, because the server is cancelled when this ends.
            var iterator = ends.stream.makeAsyncIterator()
            #expect(await iterator.next() == .closed(throwing ? .goingAway : .normal))
        }
    }

    @Test("After the peer's close, what had arrived can be received, and everything after that says closed")
    func messagesBeforeClose() async throws {
        try await SocketServer.run { socket in
            try await socket.send("one")
            try await socket.send("two")
            await socket.close(WebSocketCloseCode(rawValue: 4001), reason: "enough")
        } _: { port in
            try await connect(port) { socket in
                let messages = [try await socket.receive(), try await socket.receive()]
                #expect(messages == [.text("one"), .text("two")])
                let closed = WebSocketError.Code.closed(WebSocketCloseCode(rawValue: 4001))
                for _ in 0..<2 { #expect(await code { _ = try await socket.receive() } == closed) }
                #expect(await code { try await socket.send("late") } == closed)
                await socket.close(.normal, reason: "")
                await socket.close(.normal, reason: "")
            }
        }
    }

    @Test("Closing wakes whoever receives or waits to send")
    func closingWakes() async throws {
        try await RawPeer.listen { server in
            let request = try #require(try await server.readHead())
            try await server.write(Handshake.response(to: request))
            // Reads nothing more, until the client is gone.
            try await Task.sleep(for: .seconds(20))
        } _: { port in
            try await connect(port) { socket in
                await withTaskGroup(of: WebSocketError.Code?.self) { group in
                    group.addTask { await code { _ = try await socket.receive() } }
                    group.addTask { await code { while true { try await socket.send(.binary([UInt8](repeating: 1, count: 1 << 20))) } } }
                    group.addTask {
                        try? await Task.sleep(for: .milliseconds(200))
                        await socket.close(.goingAway, reason: "")
                        return .closed(.goingAway)
                    }
                    for await code in group { #expect(code == .closed(.goingAway)) }
                }
            }
        }
    }

    @Test("Cancelling a receive leaves the socket usable, and loses nothing")
    func cancelReceive() async throws {
        try await SocketServer.run(serving: SocketServer.echo) { port in
            try await connect(port) { socket in
                for number in 0..<50 {
                    let waiting = Task { await code { _ = try await socket.receive() } }
                    if number % 2 == 0 { await Task.yield() }
                    waiting.cancel()
                    #expect(await waiting.value == .cancelled)
                }
                try await socket.send("hello")
                #expect(try await socket.receive() == .text("hello"))
            }
        }
    }

    @Test("A cancelled task neither sends nor receives, and takes no message away")
    func cancelledTask() async throws {
        try await SocketServer.run(serving: SocketServer.echo) { port in
            try await connect(port) { socket in
                try await socket.send("one")
                try await socket.send("two")
                let first = try await socket.receive()
                let task = Task {
                    withUnsafeCurrentTask { $0?.cancel() }
                    return [await code { try await socket.send("three") }, await code { _ = try await socket.receive() }]
                }
                #expect(await task.value == [.cancelled, .cancelled])
                #expect([first, try await socket.receive()] == [.text("one"), .text("two")])
                try await socket.send("four")
                #expect(try await socket.receive() == .text("four"))
            }
        }
    }

    @Test("A flood of the smallest messages arrives in order")
    func smallMessages() async throws {
        try await RawPeer.listen { server in
            let request = try #require(try await server.readHead())
            try await server.write(Handshake.response(to: request))
            for round in 0..<20 {
                try await server.write((0..<1000).map { TestFrame.text("\(round * 1000 + $0)") }.bytes(from: .server))
            }
            _ = try await server.readFrames()
        } _: { port in
            try await connect(port) { socket in
                var isInOrder = true
                for number in 0..<20_000 {
                    let message = try await socket.receive()
                    isInOrder = isInOrder && message == .text("\(number)")
                }
                #expect(isInOrder)
            }
        }
    }

    @Test("A second reader is told that there is one already")
    func secondReader() async throws {
        try await SocketServer.run(serving: SocketServer.echo) { port in
            try await connect(port) { socket in
                await withTaskGroup(of: WebSocketError.Code?.self) { group in
                    for _ in 0..<2 { group.addTask { await code { _ = try await socket.receive() } } }
                    #expect(await group.next() == .cancelled)
                    group.cancelAll()
                }
            }
        }
    }

    @Test("A peer that does not read holds the sender back; cancelling it sends no part of its message")
    func slowReader() async throws {
        let limit = 64 << 20
        let sent = Progress()
        let go = AsyncStream.makeStream(of: Void.self)
        try await SocketServer.run { socket in
            for await _ in go.stream { break }
            await Self.drain(socket)
        } _: { port in
            try await connect(port) { socket in
                let message = WebSocketMessage.binary([UInt8](repeating: 1, count: 1 << 20))
                let sender = Task {
                    await code {
                        while sent.bytes < limit {
                            try await socket.send(message)
                            sent.add(1 << 20)
                        }
                    }
                }
                let before = try await sent.untilStuck()
                #expect(before < limit, "what is sent is bounded by what sockets hold")
                sender.cancel()
                #expect(await sender.value == .cancelled)
                go.continuation.yield()
                try await socket.send("after")
            }
        }
    }

    @Test("Not reading holds the peer back")
    func slowReceiver() async throws {
        let limit = 64 << 20
        let sent = Progress()
        try await SocketServer.run { socket in
            while sent.bytes < limit {
                try await socket.send(.binary([UInt8](repeating: 1, count: 1 << 20)))
                sent.add(1 << 20)
            }
        } _: { port in
            try await connect(port) { socket in
                let before = try await sent.untilStuck()
                #expect(before < limit)
                for _ in 0..<(limit >> 20) { _ = try await socket.receive() }
                #expect(sent.bytes == limit)
            }
        }
    }

    @Test("Pings are answered while nobody receives, also with messages waiting")
    func pings() async throws {
        try await RawPeer.listen { server in
            let request = try #require(try await server.readHead())
            try await server.write(Handshake.response(to: request))
            try await server.write((0..<10).map { TestFrame.text("message \($0)") }.bytes(from: .server))
            for number in 0..<20 {
                try await server.write(TestFrame.ping("\(number)").bytes(from: .server))
                #expect(try await server.readFrame()?.payload == Array("\(number)".utf8))
            }
            try await server.write(TestFrame.text("done").bytes(from: .server))
            _ = try await server.readFrames()
        } _: { port in
            try await connect(port) { socket in
                try await Task.sleep(for: .milliseconds(300))
                for number in 0..<10 { #expect(try await socket.receive() == .text("message \(number)")) }
                #expect(try await socket.receive() == .text("done"))
            }
        }
    }

    @Test("A flood of pings from a peer that reads no pongs is held back too")
    func pingFlood() async throws {
        // More than the kernel's buffers on both sides hold, which is some 70 MiB.
        let limit = 256 << 20
        let ping = [TestFrame](repeating: .ping(String(repeating: "p", count: 125)), count: 500).bytes(from: .server)
        let sent = Progress()
        try await RawPeer.listen { server in
            let request = try #require(try await server.readHead())
            try await server.write(Handshake.response(to: request))
            while sent.bytes < limit {
                try await server.write(ping)
                sent.add(ping.count)
            }
        } _: { port in
            try await connect(port) { _ in
                let before = try await sent.untilStuck()
                #expect(before < limit)
            }
        }
    }

    @Test("A peer that ignores our close frame is waited for no longer than a moment", arguments: [true, false])
    func peerIgnoresClose(floods: Bool) async throws {
        try await RawPeer.listen { server in
            let request = try #require(try await server.readHead())
            try await server.write(Handshake.response(to: request))
            let noise = [TestFrame](repeating: .text(String(repeating: "x", count: 1000)), count: 20).bytes(from: .server)
            while floods { try await server.write(noise) }
            _ = try await server.readToEnd()
        } _: { port in
            let elapsed = try await ContinuousClock().measure { try await connect(port) { _ in } }
            #expect(elapsed < .seconds(20))
        }
    }

    private static func drain(_ socket: any WebSocket) async {
        while (try? await socket.receive()) != nil {}
    }
}

/// How much was sent.
private final class Progress: Sendable {
    private let count = Mutex(0)

    var bytes: Int { count.withLock { $0 } }

    func add(_ more: Int) {
        count.withLock { $0 += more }
    }

    /// Waits until no more was sent in a while.
    func untilStuck() async throws -> Int {
        var before = -1
        while bytes != before {
            before = bytes
            try await Task.sleep(for: .milliseconds(300))
        }
        return before
    }
}

/// The code of what the body throws.
private func code(_ body: () async throws -> Void) async -> WebSocketError.Code? {
    do {
        try await body()
        return nil
    } catch {
        return (error as? WebSocketError)?.code
    }
}
