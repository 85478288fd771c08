import ConnectWire
import FoundationEssentials
import Participant
import TestSupport
import Testing
import Transport

@Suite("A participant's connection", .timeLimit(.minutes(1)))
struct ParticipantConnectionTests {
    private let time = SkippingTime()
    private let message = SendMessageRequest(contentType: .plainText, content: "hi", clientToken: ClientToken(rawValue: "t"))

    private func credentials(_ token: String, expiry: Duration?, at time: any TimeSource) -> ConnectionCredentials {
        ConnectionCredentials(
            connectionToken: ConnectionToken(token),
            expiry: expiry.map { Timestamp(time.now.addingTimeInterval($0 / .seconds(1))) }
        )
    }

    private func requests(_ client: TestClient) throws -> [CreateParticipantConnectionRequest] {
        try client.service.calls(of: .createParticipantConnection).map { try $0.decoded() }
    }

    // MARK: Opening

    @Test("It asks for a WebSocket and credentials with the participant token")
    func opens() async throws {
        let client = try TestClient(time: time)
        let access = try await client.connection().open()
        #expect(access.websocket?.url.exposed == "wss://socket.example/1")
        #expect(access.credentials.connectionToken.exposed == "connection-1")
        #expect(try requests(client) == [CreateParticipantConnectionRequest(types: [.websocket, .connectionCredentials])])
        #expect(client.service.calls.map(\.token) == ["participant"])
    }

    @Test("In a storm of throttling the first connection is tried about once a second, since a bot has 15 s to join; later ones have time")
    func storm() async throws {
        let client = try TestClient(time: time)
        for _ in 1...12 { client.service.answer(.createParticipantConnection, .fault(.throttling)) }
        let connection = client.connection()
        _ = try await connection.open()
        #expect(time.uptime == .milliseconds(200 + 400 + 800 + 9 * 1000))
        for _ in 1...5 { client.service.answer(.createParticipantConnection, .fault(.throttling)) }
        let start = time.uptime
        _ = try await connection.open()
        #expect(time.uptime - start == .milliseconds(200 + 400 + 800 + 1600 + 3200))
    }

    @Test("To poll, it asks for credentials alone, and says that it is there")
    func opensForPolling() async throws {
        let client = try TestClient(time: time)
        let access = try await client.connection(receive: .poll).open()
        #expect(access.websocket == nil)
        #expect(
            try requests(client) == [CreateParticipantConnectionRequest(types: [.connectionCredentials], connectParticipant: true)]
        )
    }

    @Test(
        "Where a WebSocket is refused, it polls",
        arguments: [
            ScriptedService.Answer.fault(.validation), .fault(.accessDenied),
            .status(403, headers: [HTTPHeader("x-amzn-ErrorType", "Forbidden")]),
        ]
    )
    func fallsBack(refusal: ScriptedService.Answer) async throws {
        let client = try TestClient(time: time)
        client.service.answer(.createParticipantConnection, refusal)
        let access = try await client.connection().open()
        #expect(access.websocket == nil)
        #expect(access.credentials.connectionToken.exposed == "connection-1")
        #expect(
            try requests(client) == [
                CreateParticipantConnectionRequest(types: [.websocket, .connectionCredentials]),
                CreateParticipantConnectionRequest(types: [.connectionCredentials], connectParticipant: true),
            ]
        )
    }

    @Test("When nothing is granted, the second refusal is told")
    func refused() async throws {
        let client = try TestClient(time: time)
        client.service.answer(.createParticipantConnection, .fault(.validation), .fault(.accessDenied))
        let error = await #expect(throws: ParticipantError.self) { try await client.connection().open() }
        #expect(error?.operation == .createParticipantConnection)
        #expect(error?.isFault(.accessDenied) == true)
    }

    @Test(
        "A WebSocket's URL must be encrypted",
        arguments: ["ws://socket.example/", "http://socket.example/", "ftp://socket.example", "wss://", "socket", "ws://127.0.0.1/", ""]
    )
    func refusesPlainURLs(url: String) async throws {
        var client = try TestClient(time: time)
        client.api.patience = .zero
        client.service.answer(
            .createParticipantConnection,
            .ok(
                CreateParticipantConnectionResponse(
                    websocket: WebsocketAccess(url: SignedURL(url)),
                    connectionCredentials: ConnectionCredentials(connectionToken: ConnectionToken("x"))
                )
            )
        )
        let error = await #expect(throws: ParticipantError.self) { try await client.connection().open() }
        #expect("\(try #require(error))".contains("not encrypted"))
    }

    @Test(
        "A service on this machine may do without encryption, but not lead elsewhere",
        arguments: [
            ("ws://127.0.0.1:9/x", true), ("ws://localhost:9/x", true), ("wss://socket.example/", true), ("ws://socket.example/", false),
            ("ws://127.0.0.1.socket.example/", false), ("file://localhost/x", false),
        ]
    )
    func loopback(url: String, isAllowed: Bool) async throws {
        let client = try TestClient(time: time, endpoint: "http://127.0.0.1:9")
        client.service.answer(
            .createParticipantConnection,
            .ok(
                CreateParticipantConnectionResponse(
                    websocket: WebsocketAccess(url: SignedURL(url)),
                    connectionCredentials: ConnectionCredentials(connectionToken: ConnectionToken("x"))
                )
            )
        )
        let access = try? await client.connection().open()
        #expect((access?.websocket?.url.exposed == url) == isAllowed)
    }

    @Test("An answer without credentials is of no use")
    func noCredentials() async throws {
        let client = try TestClient(time: time)
        client.service.answer(.createParticipantConnection, .body("{}"))
        let error = await #expect(throws: ParticipantError.self) { try await client.connection().open() }
        #expect("\(try #require(error))".contains("no ConnectionCredentials"))
    }

    // MARK: Calls

    @Test("The first call gets a connection token, later calls use it")
    func opensForTheFirstCall() async throws {
        let client = try TestClient(time: time)
        let connection = client.connection()
        for _ in 0..<3 { _ = try await connection.call(message) }
        #expect(client.service.calls.map(\.operation) == [.createParticipantConnection, .sendMessage, .sendMessage, .sendMessage])
        #expect(client.service.calls.map(\.token) == ["participant", "connection-1", "connection-1", "connection-1"])
    }

    @Test("A 403 renews the connection once and repeats the call as it was")
    func renews() async throws {
        let client = try TestClient(time: time)
        let connection = client.connection(stored: credentials("stored", expiry: .seconds(60), at: time))
        client.service.answer(.sendMessage, .fault(.accessDenied))
        #expect(try await connection.call(message).id == "sent-1")
        #expect(client.service.calls.map(\.operation) == [.sendMessage, .createParticipantConnection, .sendMessage])
        #expect(client.service.calls.map(\.token) == ["stored", "participant", "connection-1"])
        for call in client.service.calls(of: .sendMessage) { #expect(try call.decoded(SendMessageRequest.self) == message) }
    }

    @Test("A call whose renewal took too long is not repeated: the service may have forgotten its client token")
    func lateRenewal() async throws {
        let client = try TestClient(time: time)
        let connection = client.connection(stored: credentials("stored", expiry: nil, at: time))
        client.service.answer(.sendMessage, .error(.connectionLost), .fault(.accessDenied))
        client.service.answer(.createParticipantConnection, .after { time.advance(by: .seconds(25)) }, .healthy)
        let error = await #expect(throws: ParticipantError.self) { try await connection.call(message) }
        #expect(error?.isRetryable == true)
        #expect(client.service.calls(of: .sendMessage).count == 2)
        #expect(try await connection.call(message).id == "sent-1")
    }

    @Test("The tries before and after a renewal share one patience")
    func sharedPatience() async throws {
        let client = try TestClient(time: time)
        let connection = client.connection(stored: credentials("stored", expiry: nil, at: time))
        client.service.answer(.sendMessage, .fault(.internalServer), .fault(.accessDenied))
        client.service.answer(.createParticipantConnection, .after { time.advance(by: .seconds(20)) }, .healthy)
        for _ in 0..<100 { client.service.answer(.sendMessage, .fault(.internalServer)) }
        await #expect(throws: ParticipantError.self) { try await connection.call(message) }
        #expect(time.uptime < .seconds(25))
    }

    @Test("A second 403 is final")
    func secondRefusal() async throws {
        let client = try TestClient(time: time)
        let connection = client.connection(stored: credentials("stored", expiry: nil, at: time))
        client.service.answer(.sendMessage, .fault(.accessDenied), .fault(.accessDenied))
        let error = await #expect(throws: ParticipantError.self) { try await connection.call(message) }
        #expect(error?.operation == .sendMessage)
        #expect(client.service.calls(of: .sendMessage).count == 2)
        #expect(client.service.calls(of: .createParticipantConnection).count == 1)
    }

    @Test("Other refusals renew nothing", arguments: [ServiceFault.Kind.validation, .serviceQuotaExceeded, .conflict])
    func otherRefusals(kind: ServiceFault.Kind) async throws {
        let client = try TestClient(time: time)
        let connection = client.connection(stored: credentials("stored", expiry: nil, at: time))
        client.service.answer(.sendMessage, .fault(kind))
        await #expect(throws: ParticipantError.self) { try await connection.call(message) }
        #expect(client.service.calls.count == 1)
    }

    @Test("Calls that are refused together renew the connection once")
    func concurrentRefusals() async throws {
        let client = try TestClient(time: time)
        let connection = client.connection(stored: credentials("stored", expiry: nil, at: time))
        let both = Barrier(2)
        client.service.answer(.sendMessage, .after { await both.arrive() }, .fault(.accessDenied))
        client.service.answer(.sendEvent, .after { await both.arrive() }, .fault(.accessDenied))
        async let first = connection.call(message)
        async let second = connection.call(SendEventRequest(contentType: .typing))
        _ = try await (first, second)
        #expect(client.service.calls(of: .createParticipantConnection).count == 1)
        let tokens = client.service.calls.filter { $0.operation != .createParticipantConnection }.map(\.token)
        #expect(tokens.sorted { ($0 ?? "") < ($1 ?? "") } == ["connection-1", "connection-1", "stored", "stored"])
    }

    @Test("Many first calls at once open one connection")
    func concurrentFirstCalls() async throws {
        let client = try TestClient(time: time)
        let connection = client.connection()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<50 { group.addTask { _ = try await connection.call(message) } }
            try await group.waitForAll()
        }
        #expect(client.service.calls(of: .createParticipantConnection).count == 1)
        #expect(client.service.calls(of: .sendMessage).allSatisfy { $0.token == "connection-1" })
    }

    @Test("A call that waits for a renewal can be cancelled")
    func cancelsWhileWaiting() async throws {
        let client = try TestClient(time: time)
        let connection = client.connection()
        client.service.answer(.createParticipantConnection, .never)
        let renewal = Task { try await connection.open() }
        try await client.service.next(.createParticipantConnection)
        let call = Task { try await connection.call(message) }
        call.cancel()
        await #expect(throws: CancellationError.self) { try await call.value }
        renewal.cancel()
        await #expect(throws: CancellationError.self) { try await renewal.value }
        // Nothing is left locked.
        _ = try await connection.call(message)
    }

    // MARK: Expiry and storage

    @Test(
        "A stored token is used while it lives, and replaced before a call once it has expired",
        arguments: [
            (Duration.seconds(1), "stored"), (.zero, "connection-1"), (.seconds(-3600), "connection-1"),
        ]
    )
    func storedToken(expiry: Duration, token: String) async throws {
        let client = try TestClient(time: time)
        _ = try await client.connection(stored: credentials("stored", expiry: expiry, at: time)).call(message)
        #expect(client.service.calls(of: .sendMessage).map(\.token) == [token])
    }

    @Test("A token that expires while the connection stands is replaced before the next call")
    func expires() async throws {
        let client = try TestClient(time: time)
        client.service.setLifetimes(token: .seconds(100), socket: nil)
        let connection = client.connection()
        _ = try await connection.call(message)
        time.advance(by: .seconds(99))
        _ = try await connection.call(message)
        time.advance(by: .seconds(1))
        _ = try await connection.call(message)
        #expect(client.service.calls(of: .sendMessage).map(\.token) == ["connection-1", "connection-1", "connection-2"])
    }

    @Test("A token that has expired as it comes says that the clocks differ; it is used until it is refused")
    func clocksDiffer() async throws {
        let client = try TestClient(time: time)
        client.service.setLifetimes(token: .seconds(-7200), socket: nil)
        let connection = client.connection()
        for _ in 0..<10 { _ = try await connection.call(message) }
        #expect(client.service.calls(of: .createParticipantConnection).count == 1)
    }

    @Test("New credentials are stored before they are used")
    func stores() async throws {
        let client = try TestClient(time: time)
        let stored = Recorder<String>()
        let connection = client.connection { credentials in
            #expect(client.service.calls(of: .sendMessage).isEmpty)
            stored.append(credentials.connectionToken.exposed)
        }
        _ = try await connection.call(message)
        #expect(stored.values == ["connection-1"])
    }

    @Test("Credentials that cannot be stored are not used")
    func cannotStore() async throws {
        struct DiskFull: Error {}
        let client = try TestClient(time: time)
        let connection = client.connection { _ in throw DiskFull() }
        await #expect(throws: DiskFull.self) { try await connection.call(message) }
        await #expect(throws: DiskFull.self) { try await connection.open() }
        #expect(client.service.calls(of: .sendMessage).isEmpty)
    }
}

/// Lets a number of tasks go on when all have come.
actor Barrier {
    private var missing: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    init(_ count: Int) {
        missing = count
    }

    func arrive() async {
        missing -= 1
        guard missing > 0 else {
            for continuation in waiting { continuation.resume() }
            return
        }
        await withCheckedContinuation { waiting.append($0) }
    }
}
