import ConnectWire
import Logging
import Participant
import TestSupport
import Testing
import Transport

@Suite("Connecting again", .timeLimit(.minutes(1)))
struct ReconnectTests {
    // MARK: Renewal

    @Test(
        "A connection gives way to the next a minute before it expires",
        arguments: [
            // token, socket, when
            (Duration.seconds(86_400), Duration.seconds(3600), Duration.seconds(3540)),
            (.seconds(600), .seconds(3600), .seconds(540)),
            (.seconds(86_400), .seconds(100), .seconds(50)),
            (.seconds(30), nil, .seconds(15)),
            (.seconds(5), .seconds(5), .seconds(10)),
            (.seconds(-100), .seconds(-100), .seconds(3480)),
            (nil, nil, .seconds(3480)),
        ] as [(Duration?, Duration?, Duration)]
    )
    func renews(token: Duration?, socket: Duration?, renewal: Duration) async throws {
        try await withLiveConnection(prepare: { service, _ in service.setLifetimes(token: token, socket: socket) }) { rig in
            let first = try await rig.connect()
            try await rig.firstHeartbeat(first)
            while rig.time.uptime < renewal {
                try await rig.answerHeartbeat(first)
                let step = min(Duration.seconds(10), renewal - rig.time.uptime)
                await rig.time.pass(step)
                if rig.time.uptime < renewal { #expect(try await first.received() == .text(#"{"topic":"aws/heartbeat"}"#)) }
            }
            #expect(try await first.closing() == .normal)
            // At once, and without being told that anything was lost.
            let second = try await rig.subscribe()
            try await rig.settle(second)
            #expect(rig.time.uptime == renewal)
            #expect(rig.service.calls(of: .createParticipantConnection).count == 2)
        }
    }

    @Test("What was said while the connection changed is told")
    func renewalGap() async throws {
        try await withLiveConnection(prepare: { service, _ in service.setLifetimes(token: nil, socket: .seconds(20)) }) { rig in
            let first = try await rig.connect()
            try await rig.firstHeartbeat(first)
            try await rig.answerHeartbeat(first)
            rig.service.transcript = Item.messages(1...2)
            await rig.time.pass(.seconds(9))
            _ = try await rig.subscribe()
            let (missed, isFirst) = try await rig.connected()
            #expect(missed == ["m1", "m2"])
            #expect(!isFirst)
        }
    }

    // MARK: Loss

    @Test("It goes on trying, with growing pauses, whatever fails")
    func backsOff() async throws {
        let failures: [ScriptedService.Answer] = [
            .error(.cannotConnect), .fault(.internalServer), .status(503), .error(.timedOut), .fault(.throttling), .error(.connectionLost),
            .body("<html>Welcome to the hotel</html>"), .status(302), .error(.tls), .body("{}"),
        ]
        try await withLiveConnection(prepare: { service, _ in
            for failure in failures { service.answer(.createParticipantConnection, failure) }
        }) { rig in
            for pause in [0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0, 30.0, 30.0, 30.0] { await rig.time.pass(.seconds(pause)) }
            let (_, isFirst) = try await {
                _ = try await rig.subscribe()
                return try await rig.connected()
            }()
            #expect(isFirst)
            #expect(rig.service.calls(of: .createParticipantConnection).count == 11)
        }
    }

    @Test(
        "A WebSocket that cannot be opened is tried again, each time with a new URL",
        arguments: [
            WebSocketError.Code.cannotConnect, .refused(status: 403), .refused(status: 502), .timedOut, .tls, .closed(nil), .invalidURL,
            .protocolViolation(.protocolError),
        ]
    )
    func cannotOpen(code: WebSocketError.Code) async throws {
        let error = WebSocketError(code, detail: "scripted")
        try await withLiveConnection(prepare: { _, sockets in sockets.refuse(error, error) }) { rig in
            await rig.time.pass(.milliseconds(500))
            await rig.time.pass(.seconds(1))
            _ = try await rig.connect()
            #expect(rig.sockets.urls == (1...3).map { "wss://socket.example/\($0)" })
        }
    }

    @Test(
        "A service that closes in good order is no reason to warn anybody, a loss is",
        arguments: [(WebSocketCloseCode.normal, Logger.Level.info), (.goingAway, .warning), (nil, .warning)]
            as [(WebSocketCloseCode?, Logger.Level)]
    )
    func closed(code: WebSocketCloseCode?, level: Logger.Level) async throws {
        let (logger, heard) = LogListener.logger()
        try await withLiveConnection(logger: logger) { rig in
            try await rig.connect().drop(code)
            #expect(try await heard.next().level == level)
            await rig.time.pass(.milliseconds(500))
            _ = try await rig.connect()
        }
    }

    @Test("A service that accepts and hangs up is not stormed")
    func flapping() async throws {
        try await withLiveConnection(settings: .oddPauses) { rig in
            for pause in [700, 1400, 2800, 5600, 11_200] {
                try await rig.connect().drop(.goingAway)
                await rig.time.pass(.milliseconds(pause))
            }
        }
    }

    @Test("After a connection that stood, the first pause is short again")
    func standing() async throws {
        try await withLiveConnection(settings: .oddPauses) { rig in
            try await rig.connect().drop()
            await rig.time.pass(.milliseconds(700))
            try await rig.connect().drop()
            await rig.time.pass(.milliseconds(1400))
            let socket = try await rig.connect()
            try await rig.firstHeartbeat(socket)
            for _ in 1...3 {
                try await rig.answerHeartbeat(socket)
                await rig.time.pass(.seconds(10))
                _ = try await socket.received()
            }
            socket.drop()
            await rig.time.pass(.milliseconds(700))
            _ = try await rig.connect()
        }
    }

    @Test("The pauses are jittered over their whole span")
    func jitters() async throws {
        var settings = LiveConnection.Settings()
        settings.backoff.random = { 0.25 }
        try await withLiveConnection(settings: settings) { rig in
            try await rig.connect().drop()
            await rig.time.pass(.milliseconds(125))
            _ = try await rig.connect()
        }
        let delays = (0..<1000).map { _ in LiveConnection.Settings().backoff.delay(attempt: 1) }
        #expect(delays.contains { $0 < .milliseconds(100) })
        #expect(delays.contains { $0 > .milliseconds(400) })
    }

    // MARK: The end

    @Test("chat.ended is delivered, and nothing after it")
    func chatEnded() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.connect()
            try socket.push(.event(.participantLeft, id: "left", at: 1))
            try socket.push(.event(.chatEnded, id: "end", at: 2))
            try socket.push(.message("after", at: 3))
            #expect(try await rig.item() == "left")
            #expect(try await rig.item() == "end")
            let ending = try await rig.ending()
            #expect(ending == "chat ended")
            #expect(try await socket.closing() == .normal)
        }
    }

    @Test("A chat that ended meanwhile is over, too")
    func endedMeanwhile() async throws {
        try await withLiveConnection { rig in
            try await rig.connect().drop()
            rig.service.transcript = [
                .message("m1", at: 1), .event(.chatEnded, id: "end", at: 2), .event(.participantLeft, id: "left", at: 3),
            ]
            await rig.time.pass(.milliseconds(500))
            _ = try await rig.subscribe()
            #expect(try await rig.connected().missed == ["m1", "end", "left"])
            let ending = try await rig.ending()
            #expect(ending == "chat ended")
        }
    }

    @Test("The end of the chat that a persistent chat continues is not this one's", arguments: [true, false])
    func earlierContact(isMarked: Bool) async throws {
        var end = Item.event(.chatEnded, id: "end", at: 2)
        var transcript: [Item] = [.message("m1", at: 1)]
        if isMarked {
            end.contactID = nil
            end.relatedContactID = "c-0"
            transcript.append(end)
        } else {
            transcript += [end, .event(.participantJoined, id: "joined", at: 3)]
        }
        try await withLiveConnection(prepare: { service, _ in service.transcript = transcript }) { rig in
            let socket = try await rig.connect()
            try await rig.settle(socket)
        }
    }

    @Test(
        "When even a new connection is refused, the contact is over",
        arguments: [ServiceFault.Kind.accessDenied, .validation, .resourceNotFound]
    )
    func refused(kind: ServiceFault.Kind) async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.connect()
            rig.service.answer(.createParticipantConnection, .fault(kind), .fault(kind))
            socket.drop()
            await rig.time.pass(.milliseconds(500))
            let ending = try await rig.ending()
            #expect(ending == "access lost: \(kind)")
        }
    }

    @Test("When the very first connection is refused, that is told apart")
    func neverConnected() async throws {
        try await withLiveConnection(prepare: { service, _ in
            service.answer(.createParticipantConnection, .fault(.accessDenied), .fault(.accessDenied))
        }) { rig in
            let ending = try await rig.ending()
            #expect(ending == "refused: AccessDeniedException")
        }
    }

    @Test("A participant that was connected in an earlier run has lost its access")
    func connectedEarlier() async throws {
        try await withLiveConnection(
            hasConnected: true,
            prepare: { service, _ in
                service.answer(.createParticipantConnection, .fault(.accessDenied), .fault(.accessDenied))
            }
        ) { rig in
            let ending = try await rig.ending()
            #expect(ending == "access lost: AccessDeniedException")
        }
    }

    @Test("A transcript that is refused with the connection ends it, too")
    func refusedWhileCatchingUp() async throws {
        try await withLiveConnection { rig in
            let socket = try await rig.sockets.next()
            rig.service.answer(.getTranscript, .fault(.accessDenied))
            rig.service.answer(.createParticipantConnection, .fault(.accessDenied), .fault(.accessDenied))
            socket.push(LiveRig.subscribed)
            let ending = try await rig.ending()
            #expect(ending == "refused: AccessDeniedException")
        }
    }

    @Test("After the longest time that a chat can last it stops trying")
    func outlived() async throws {
        var settings = LiveConnection.Settings.atTheLatest
        settings.longestContact = .seconds(3)
        let failure = ScriptedService.Answer.error(.cannotConnect)
        try await withLiveConnection(
            settings: settings,
            prepare: { service, _ in service.answer(.createParticipantConnection, failure, failure, failure, failure) }
        ) { rig in
            for pause in [0.5, 1.0, 2.0] { await rig.time.pass(.seconds(pause)) }
            let ending = try await rig.ending()
            #expect(ending == "outlived")
        }
    }

    @Test("What the listener throws ends it")
    func listenerFails() async throws {
        struct StoreFull: Error {}
        try await withLiveConnection(listener: { _ in throw StoreFull() }) { rig in
            _ = try await rig.subscribe()
            let result = try await rig.endings.next()
            #expect(throws: StoreFull.self) { try result.get() }
        }
    }

    // MARK: Cancellation

    enum Place: CaseIterable {
        case opening, catchingUp, receiving, delivering, pausing, polling
    }

    @Test("Cancelling stops it, wherever it is", arguments: Place.allCases)
    func cancels(place: Place) async throws {
        let time = VirtualTime()
        var client = try TestClient(time: time)
        client.api.patience = .zero
        let sockets = ScriptedSockets()
        let told = Inbox<Void>()
        switch place {
        case .opening: client.service.answer(.createParticipantConnection, .never)
        case .catchingUp: client.service.answer(.getTranscript, .never)
        case .pausing: client.service.answer(.createParticipantConnection, .error(.cannotConnect))
        case .receiving, .delivering, .polling: break
        }
        let live = LiveConnection(
            connection: client.connection(receive: place == .polling ? .poll : .websocket),
            sockets: sockets,
            logger: .silent
        )
        let task = Task {
            try await live.run { _ in
                told.put(())
                if place == .delivering { try await Inbox<Void>().next() }
            }
        }
        switch place {
        case .opening: try await client.service.next(.createParticipantConnection)
        case .pausing: await time.sleepers(1)
        case .polling:
            try await told.next()
            await time.sleepers(1)
        case .catchingUp:
            try await sockets.next().push(LiveRig.subscribed)
            try await client.service.next(.getTranscript)
        case .receiving, .delivering:
            try await sockets.next().push(LiveRig.subscribed)
            try await told.next()
        }
        task.cancel()
        await #expect(throws: CancellationError.self) { try await task.value }
    }

    // MARK: Polling

    @Test("Where there is no WebSocket, the transcript is read every two seconds")
    func polls() async throws {
        try await withLiveConnection(receive: .poll, prepare: { service, _ in service.transcript = Item.messages(1...3) }) { rig in
            let first = try await rig.connected()
            #expect(first.missed == ["m1", "m2", "m3"])
            #expect(first.isFirst)
            await rig.time.pass(.seconds(2))
            await rig.time.sleepers(1)
            rig.service.transcript = Item.messages(1...5)
            await rig.time.pass(.seconds(2))
            // Nothing was told when nothing was new.
            let second = try await rig.connected()
            #expect(second.missed == ["m4", "m5"])
            #expect(!second.isFirst)
            #expect(rig.sockets.urls.isEmpty)
            #expect(rig.service.calls(of: .getTranscript).count == 3)
        }
    }

    @Test("Polling ends with the chat")
    func pollsUntilTheEnd() async throws {
        try await withLiveConnection(receive: .poll) { rig in
            _ = try await rig.connected()
            rig.service.transcript = [.event(.chatEnded, id: "end", at: 1)]
            await rig.time.pass(.seconds(2))
            #expect(try await rig.connected().missed == ["end"])
            let ending = try await rig.ending()
            #expect(ending == "chat ended")
        }
    }

    @Test("A poll that fails is followed by others; one that is refused for good ends it")
    func pollFails() async throws {
        try await withLiveConnection(receive: .poll) { rig in
            _ = try await rig.connected()
            rig.service.answer(.getTranscript, .fault(.internalServer))
            await rig.time.pass(.seconds(2))
            await rig.time.pass(.milliseconds(500))
            _ = try await rig.connected()
            rig.service.answer(.getTranscript, .fault(.accessDenied))
            rig.service.answer(.createParticipantConnection, .fault(.accessDenied))
            await rig.time.pass(.seconds(2))
            let ending = try await rig.ending()
            #expect(ending == "access lost: AccessDeniedException")
        }
    }

    @Test("Where a WebSocket is refused, items are polled")
    func fallsBackToPolling() async throws {
        try await withLiveConnection(prepare: { service, _ in
            service.answer(.createParticipantConnection, .fault(.accessDenied))
            service.transcript = Item.messages(1...2)
        }) { rig in
            let missed = try await rig.connected().missed
            #expect(missed == ["m1", "m2"])
            await rig.time.pass(.seconds(2))
            #expect(rig.sockets.urls.isEmpty)
        }
    }

    @Test("Where the network lets no WebSocket through, items are polled for ten minutes, and then a WebSocket is tried again")
    func pollsInstead() async throws {
        let error = WebSocketError(.refused(status: 403), detail: "scripted")
        try await withLiveConnection(prepare: { service, sockets in
            sockets.refuse(error, error, error)
            service.transcript = [.message("m1", at: 1)]
        }) { rig in
            for pause in [500, 1000, 2000] { await rig.time.pass(.milliseconds(pause)) }
            let first = try await rig.connected()
            #expect(first.missed == ["m1"])
            #expect(first.isFirst)
            for _ in 1...300 { await rig.time.pass(.seconds(2)) }
            rig.service.transcript.append(.message("m2", at: 2))
            _ = try await rig.subscribe()
            #expect(try await rig.connected().missed == ["m2"])
            let requests: [CreateParticipantConnectionRequest] = try rig.service.calls(of: .createParticipantConnection).map {
                try $0.decoded()
            }
            #expect(requests.map(\.connectParticipant) == [nil, nil, nil, true, nil])
        }
    }

    @Test("Who may not poll keeps trying for a WebSocket")
    func mayNotPoll() async throws {
        let error = WebSocketError(.cannotConnect, detail: "scripted")
        try await withLiveConnection(prepare: { service, sockets in
            sockets.refuse(error, error, error)
            service.answer(.createParticipantConnection, .healthy, .healthy, .healthy, .fault(.validation))
        }) { rig in
            for pause in [500, 1000, 2000, 4000] { await rig.time.pass(.milliseconds(pause)) }
            _ = try await rig.connect()
        }
    }
}

extension LiveConnection.Settings {
    /// With pauses between connections that nothing else lasts.
    fileprivate static var oddPauses: Self {
        var settings = Self.atTheLatest
        settings.backoff.base = .milliseconds(700)
        return settings
    }
}
