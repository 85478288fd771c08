import ConnectWire
import Participant
import TestSupport
import Testing
import Transport

@Suite("Keeping the socket alive", .timeLimit(.minutes(1)))
struct HeartbeatTests {
    @Test("A heartbeat goes out every ten seconds for as long as they are answered")
    func beats() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.connect()
            try await rig.firstHeartbeat(socket)
            for _ in 1...30 {
                try await rig.answerHeartbeat(socket)
                await rig.time.pass(.seconds(10))
                #expect(try await socket.received() == .text(#"{"topic":"aws/heartbeat"}"#))
            }
            #expect(rig.sockets.urls.count == 1)
        }
    }

    @Test("One that is unanswered when the next is due ends the connection, and another is made")
    func unanswered() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.connect()
            try await rig.firstHeartbeat(socket)
            await rig.time.pass(.seconds(10))
            #expect(try await socket.closing() == .normal)
            await rig.time.pass(.milliseconds(500))
            _ = try await rig.connect()
            #expect(rig.service.calls(of: .createParticipantConnection).count == 2)
        }
    }

    @Test("Whatever arrives proves that the peer lives")
    func anyFrame() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.connect()
            try await rig.firstHeartbeat(socket)
            for _ in 1...3 {
                try await rig.settle(socket)
                await rig.time.pass(.seconds(10))
                _ = try await socket.received()
            }
            #expect(rig.sockets.urls.count == 1)
        }
    }

    @Test("While the listener is slow, a missing answer means nothing")
    func slowListener() async throws {
        let gate = Inbox<Void>()
        let listener: @Sendable (LiveConnection.Arrival) async throws -> Void = { arrival in
            if case .item(let item) = arrival, item.id == "slow" { try await gate.next() }
        }
        try await withLiveConnection(listener: listener) { rig in
            let socket = try await rig.connect()
            try await rig.firstHeartbeat(socket)
            try await rig.answerHeartbeat(socket)
            try socket.push(.message("slow", at: 1))
            try socket.push(.message("next", at: 2))
            for _ in 1...5 {
                await rig.time.pass(.seconds(10))
                _ = try await socket.received()
            }
            gate.put(())
            #expect(try await rig.item() == "slow")
            #expect(try await rig.item() == "next")
            await rig.time.pass(.seconds(10))
            _ = try await socket.received()
            #expect(rig.sockets.urls.count == 1)
        }
    }

    @Test("A delivery that is under way when the connection ends is finished, not cut off")
    func finishesDelivery() async throws {
        let gate = Inbox<Void>()
        let cancelled = Recorder<Bool>()
        let listener: @Sendable (LiveConnection.Arrival) async throws -> Void = { arrival in
            guard case .item(let item) = arrival, item.id == "slow" else { return }
            try await gate.next()
            cancelled.append(Task.isCancelled)
        }
        // The connection is renewed after ten seconds.
        try await withLiveConnection(
            prepare: { service, _ in service.setLifetimes(token: nil, socket: .seconds(20)) },
            listener: listener
        ) { rig in
            let socket = try await rig.connect()
            try await rig.firstHeartbeat(socket)
            try socket.push(.message("slow", at: 1))
            try socket.push(.message("behind", at: 2))
            await rig.time.pass(.seconds(9))
            #expect(try await socket.closing() == .normal)
            gate.put(())
            #expect(try await rig.item() == "slow")
            #expect(try await rig.item() == "behind")
            #expect(cancelled.values == [false])
            _ = try await rig.subscribe()
        }
    }

    @Test("A peer that takes nothing is left")
    func takesNothing() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.connect()
            socket.stopTaking()
            await rig.time.pass(.seconds(1))
            await rig.time.pass(.seconds(15))
            #expect(try await socket.closing() == .normal)
            await rig.time.pass(.milliseconds(500))
            _ = try await rig.connect()
        }
    }

    @Test(
        "A service behind the gateway that is not well is left",
        arguments: [
            #"{"topic":"aws/ping","statusCode":500,"statusContent":"Error"}"#,
            #"{"message":"Forbidden","connectionId":"a=","requestId":"b="}"#,
            #"{"message":"Endpoint request timed out"}"#,
        ]
    )
    func unwell(frame: String) async throws {
        try await withLiveConnection { rig in
            try await rig.connect().push(frame)
            await rig.time.pass(.milliseconds(500))
            _ = try await rig.connect()
            #expect(rig.sockets.urls.count == 2)
        }
    }

    @Test(
        "Frames that cannot be read, or that nobody knows, change nothing",
        arguments: [
            WebSocketMessage.binary([]), .binary([0xFF, 0x00]), .binary(Array(#"{"topic":"aws/chat"}"#.utf8)), .text(""), .text("not JSON"),
            .text("{}"),
            .text("[]"), .text("null"), .text(#"{"topic":7}"#), .text(#"{"topic":"aws/chat"}"#),
            .text(#"{"topic":"aws/chat","content":{}}"#),
            .text(#"{"topic":"aws/chat","content":"{}"}"#), .text(#"{"topic":"aws/chat","content":"\u0000"}"#),
            .text(#"{"topic":"aws/unheard-of"}"#),
            .text(#"{"topic":"aws/ping","statusCode":200,"statusContent":"OK"}"#), .text(String(repeating: "[", count: 10_000)),
        ]
    )
    func hostileFrames(message: WebSocketMessage) async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.sockets.next()
            socket.push(message)
            socket.push(LiveRig.subscribed)
            _ = try await rig.connected()
            for _ in 1...3 { socket.push(message) }
            try await rig.settle(socket)
            #expect(rig.sockets.urls.count == 1)
        }
    }

    @Test("Items of kinds that nobody knows are delivered as they came")
    func unknownItems() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.connect()
            var item = Item.message("h", at: 1)
            item.type = ItemType(rawValue: "HOLOGRAM")
            try socket.push(item)
            let delivered = try await rig.wholeItem()
            #expect(delivered == item)
        }
    }
}
