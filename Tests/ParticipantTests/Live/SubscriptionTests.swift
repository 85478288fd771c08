import ConnectWire
import Participant
import TestSupport
import Testing
import Transport

@Suite("Subscribing and catching up", .timeLimit(.minutes(1)))
struct SubscriptionTests {
    @Test("The first connection tells the contact's history")
    func history() async throws {
        try await withLiveConnection(prepare: { service, _ in service.transcript = Item.messages(1...250) }) { rig in
            _ = try await rig.subscribe()
            let (missed, isFirst) = try await rig.connected()
            #expect(missed == Item.messages(1...250).map(\.id))
            #expect(isFirst)
            #expect(rig.sockets.urls == ["wss://socket.example/1"])
        }
    }

    @Test("Without history the listener is told all the same")
    func noHistory() async throws {
        try await withLiveConnection { rig in
            _ = try await rig.subscribe()
            let (missed, isFirst) = try await rig.connected()
            #expect(missed.isEmpty)
            #expect(isFirst)
        }
    }

    @Test("A subscription that is not answered is sent again after a second, three times; then the connection is given up")
    func subscribesAgain() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.sockets.next()
            for _ in 1...4 {
                #expect(try await socket.received() == .text(#"{"topic":"aws/subscribe","content":{"topics":["aws/chat"]}}"#))
                await rig.time.pass(.seconds(1))
            }
            #expect(try await socket.closing() == .normal)
            await rig.time.pass(.milliseconds(500))
            _ = try await rig.connect()
            #expect(rig.sockets.urls == ["wss://socket.example/1", "wss://socket.example/2"])
        }
    }

    @Test("A subscription that is refused is sent again, too")
    func refusedSubscription() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.sockets.next()
            _ = try await socket.received()
            socket.push(#"{"topic":"aws/subscribe","content":{"status":"failure","topics":["aws/chat"]}}"#)
            await rig.time.pass(.seconds(1))
            _ = try await socket.received()
            socket.push(LiveRig.subscribed)
            _ = try await rig.connected()
            #expect(rig.sockets.urls.count == 1)
        }
    }

    @Test("A subscription that is answered twice is one subscription")
    func answeredTwice() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.connect()
            socket.push(LiveRig.subscribed)
            try await rig.settle(socket)
            #expect(rig.service.calls(of: .getTranscript).count == 1)
        }
    }

    @Test("An item is delivered once, whether it comes live, repeated, or in the transcript")
    func deliversOnce() async throws {
        try await withLiveConnection(prepare: { service, _ in service.transcript = Item.messages(1...3) }) { rig in
            let socket = try await rig.connect()
            for number in [3, 4, 4, 2, 5, 4] { try socket.push(.message("m\(number)", at: number)) }
            #expect(try await rig.item() == "m4")
            #expect(try await rig.item() == "m5")
            rig.service.transcript = Item.messages(1...8)
            socket.drop()
            await rig.time.pass(.milliseconds(500))
            let second = try await rig.subscribe()
            let (missed, isFirst) = try await rig.connected()
            #expect(missed == ["m6", "m7", "m8"])
            #expect(!isFirst)
            for item in Item.messages(1...9) { try second.push(item) }
            #expect(try await rig.item() == "m9")
        }
    }

    @Test("Items that come before the gap is closed do not hide the gap")
    func earlyItems() async throws {
        try await withLiveConnection(prepare: { service, _ in service.transcript = Item.messages(1...3) }) { rig in
            try await rig.connect().drop()
            rig.service.transcript = Item.messages(1...9)
            await rig.time.pass(.milliseconds(500))
            let socket = try await rig.sockets.next()
            try socket.push(.message("m9", at: 9))
            try socket.push(.event(.typing, id: "typing", at: 10))
            socket.push(LiveRig.subscribed)
            #expect(try await rig.connected().missed == ["m4", "m5", "m6", "m7", "m8", "m9"])
            #expect(try await rig.item() == "typing")
        }
    }

    @Test("An item whose frame could not be read is read from the transcript at once")
    func unreadableFrame() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.connect()
            rig.service.transcript = Item.messages(1...2)
            try socket.push(.message("m1", at: 1))
            socket.push(#"{"topic":"aws/chat","content":"{\"Id\":\"m2\",\"AbsoluteTime\":"}"#)
            #expect(try await rig.item() == "m1")
            #expect(try await rig.connected().missed == ["m2"])
        }
    }

    @Test("A frame that could not be read is made up for by the next catching up")
    func healsGaps() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.connect()
            try socket.push(.message("m1", at: 1))
            socket.push(#"{"topic":"aws/chat","content":"{\"Id\":\"m2\",\"AbsoluteTime\":"}"#)
            try socket.push(.message("m3", at: 3))
            #expect(try await rig.item() == "m1")
            #expect(try await rig.item() == "m3")
            rig.service.transcript = Item.messages(1...3)
            socket.drop()
            await rig.time.pass(.milliseconds(500))
            _ = try await rig.subscribe()
            #expect(try await rig.connected().missed == ["m2"])
        }
    }

    @Test("A listener that was told of everything is told that it is connected again")
    func nothingMissed() async throws {
        try await withLiveConnection(prepare: { service, _ in service.transcript = Item.messages(1...3) }) { rig in
            try await rig.connect().drop()
            await rig.time.pass(.milliseconds(500))
            _ = try await rig.subscribe()
            let (missed, isFirst) = try await rig.connected()
            #expect(missed.isEmpty)
            #expect(!isFirst)
        }
    }

    @Test("What an earlier run delivered is not delivered again")
    func resumes() async throws {
        let seen = SeenItems(Item.messages(1...3).map { (id: $0.id, time: $0.absoluteTime) })
        try await withLiveConnection(seen: seen, hasConnected: true, prepare: { service, _ in service.transcript = Item.messages(1...5) }) {
            rig in
            _ = try await rig.subscribe()
            let (missed, isFirst) = try await rig.connected()
            #expect(missed == ["m4", "m5"])
            #expect(!isFirst)
        }
    }

    @Test("Of a message in parts, only the whole is delivered")
    func parts() async throws {
        func part(_ content: String, isComplete: Bool) -> Item {
            var item = Item.message("parts", at: 1)
            item.content = content
            item.messageMetadata = MessageMetadata(chunkNumber: 1, messageCompleted: isComplete)
            return item
        }
        try await withLiveConnection(prepare: { service, _ in service.transcript = [part("On", isComplete: false)] }) { rig in
            let socket = try await rig.subscribe()
            #expect(try await rig.connected().missed.isEmpty)
            for item in [part("Once", isComplete: false), part("Once upon a time", isComplete: true), part("Once", isComplete: false)] {
                try socket.push(item)
            }
            let item = try await rig.wholeItem()
            #expect(item?.content == "Once upon a time")
            try await rig.settle(socket)
        }
    }

    @Test("Of a file that is being scanned, only the verdict is delivered")
    func scannedFiles() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.connect()
            try socket.push(.attachment("a", .inProgress))
            try socket.push(.attachment("a", .approved))
            let item = try await rig.wholeItem()
            #expect(item?.attachments?.first?.status == .approved)
        }
    }

    @Test("When catching up fails, it connects again")
    func catchUpFails() async throws {
        try await withLiveConnection(prepare: { service, _ in
            service.transcript = Item.messages(1...2)
            service.answer(.getTranscript, .fault(.internalServer))
        }) { rig in
            let socket = try await rig.subscribe()
            #expect(try await socket.closing() == .normal)
            await rig.time.pass(.milliseconds(500))
            _ = try await rig.subscribe()
            let (missed, isFirst) = try await rig.connected()
            #expect(missed == ["m1", "m2"])
            #expect(isFirst)
        }
    }
}
