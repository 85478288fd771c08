import TestSupport
import Testing

@testable import Transport

@Suite("Hostile peers over real sockets", .timeLimit(.minutes(2)))
struct HostilePeerTests {
    /// What one of our sides made of it.
    private struct Outcome: Hashable, Sendable {
        var messages: [WebSocketMessage] = []
        var end: WebSocketError.Code?

        static func of(_ socket: any WebSocket) async -> Outcome {
            var outcome = Outcome()
            do throws(WebSocketError) {
                while true { outcome.messages.append(try await socket.receive()) }
            } catch {
                outcome.end = error.code
            }
            return outcome
        }
    }

    @Test("Our server gives the right answer to a hostile client", arguments: HostileCase.all)
    func server(_ hostile: HostileCase) async throws {
        let outcomes = AsyncStream.makeStream(of: Outcome.self)
        try await SocketServer.run(maximumMessageSize: HostileCase.maximumMessageSize) { socket in
            outcomes.continuation.yield(await Outcome.of(socket))
        } _: { port in
            try await RawPeer.connect(to: port) { client in
                try await client.write(Handshake.request)
                _ = try #require(try await client.readHead())
                try await client.write(hostile.bytes(from: .client))
                if hostile.endsConnection { client.finish() }
                try await expect(hostile, frames: client.readFrames(), masked: false)
                #expect(try await client.isAtEnd(), "the server closes the connection")
            }
            // Asked for here, because the server is cancelled when this ends.
            var iterator = outcomes.stream.makeAsyncIterator()
            #expect(await iterator.next() == Outcome(messages: hostile.messages, end: hostile.end))
        }
    }

    @Test("Our client gives the right answer to a hostile server", arguments: HostileCase.all)
    func client(_ hostile: HostileCase) async throws {
        try await RawPeer.listen { server in
            let request = try #require(try await server.readHead())
            try await server.write(Handshake.response(to: request))
            try await server.write(hostile.bytes(from: .server))
            if hostile.endsConnection { server.finish() }
            try await expect(hostile, frames: server.readFrames(), masked: true)
        } _: { port in
            let client = NIOWebSocketClient(environment: [:], maximumMessageSize: HostileCase.maximumMessageSize)
            let outcome = try await client.withConnection(to: "ws://127.0.0.1:\(port)/", timeout: .seconds(60)) { await Outcome.of($0) }
            #expect(outcome == Outcome(messages: hostile.messages, end: hostile.end))
        }
    }

    private func expect(_ hostile: HostileCase, frames: [SentFrame], masked: Bool) {
        #expect(frames.allSatisfy { $0.isMasked == masked })
        let pongs = frames.filter { $0.firstByte == 0x8A }.map { String(decoding: $0.payload, as: UTF8.self) }
        #expect(pongs == hostile.pongs)
        let closes = frames.filter(\.isClose)
        #expect(closes.map { $0.closeCode ?? 1005 } == (hostile.answer.map { [$0] } ?? []))
        #expect(frames.count == pongs.count + closes.count, "nothing else is sent")
    }
}
