import ConnectWire
import Logging
import Participant
import TestSupport
import Testing
import Transport

/// A live connection at work, with the test as the service, the socket's other end, the listener and the clock.
struct LiveRig: Sendable {
    let time: VirtualTime
    let client: TestClient
    let sockets: ScriptedSockets
    let arrivals = Inbox<LiveConnection.Arrival>()
    let endings = Inbox<Result<LiveConnection.Ending, any Error>>()

    var service: ScriptedService { client.service }

    static let subscribed = #"{"topic":"aws/subscribe","content":{"status":"success","topics":["aws/chat"]}}"#

    /// Takes the next connection and accepts its subscription.
    func subscribe() async throws -> ScriptedSocket {
        let socket = try await sockets.next()
        #expect(try await socket.received() == .text(#"{"topic":"aws/subscribe","content":{"topics":["aws/chat"]}}"#))
        socket.push(Self.subscribed)
        return socket
    }

    /// Takes the next connection up to where the listener was told.
    func connect() async throws -> ScriptedSocket {
        let socket = try await subscribe()
        _ = try await connected()
        return socket
    }

    /// What the listener is told next, which must be that it is connected.
    func connected() async throws -> (missed: [ItemID], isFirst: Bool) {
        guard case .connected(let missed, let isFirst) = try await arrivals.next() else {
            Issue.record("an item came before the connection")
            return ([], false)
        }
        return (missed.map(\.id), isFirst)
    }

    /// The item that the listener is told next.
    func wholeItem() async throws -> Item? {
        guard case .item(let item) = try await arrivals.next() else {
            Issue.record("a connection came instead of an item")
            return nil
        }
        return item
    }

    func item() async throws -> ItemID? {
        try await wholeItem()?.id
    }

    /// How it ends; a refusal by its kind.
    func ending() async throws -> String {
        switch try await endings.next().get() {
        case .chatEnded: "chat ended"
        case .refused(let error): "refused: \(error.fault?.kind.rawValue ?? "no fault")"
        case .accessLost(let error): "access lost: \(error.fault?.kind.rawValue ?? "no fault")"
        case .outlived: "outlived"
        }
    }

    /// Waits until the reader has handled all that was pushed before.
    func settle(_ socket: ScriptedSocket, _ marker: String = #function) async throws {
        let id = "marker \(time.uptime) \(marker)"
        try socket.push(.message(id, at: 1_000_000))
        #expect(try await item() == ItemID(id))
    }

    /// The first heartbeat comes a second after the subscription.
    func firstHeartbeat(_ socket: ScriptedSocket) async throws {
        await time.pass(.seconds(1))
        #expect(try await socket.received() == .text(#"{"topic":"aws/heartbeat"}"#))
    }

    /// Answers the heartbeat.
    func answerHeartbeat(_ socket: ScriptedSocket) async throws {
        socket.push(#"{"topic":"aws/heartbeat"}"#)
        try await settle(socket)
    }
}

extension ScriptedSocket {
    func push(_ item: Item) throws {
        push(try ServerFrame.item(item).text())
    }
}

/// Runs a live connection for as long as the body runs.
func withLiveConnection(
    settings: LiveConnection.Settings = .atTheLatest,
    receive: ParticipantConnection.Receive = .websocket,
    seen: SeenItems = SeenItems(),
    hasConnected: Bool = false,
    logger: Logger = .silent,
    prepare: (ScriptedService, ScriptedSockets) -> Void = { _, _ in },
    listener: (@Sendable (LiveConnection.Arrival) async throws -> Void)? = nil,
    _ body: (LiveRig) async throws -> Void
) async throws {
    let time = VirtualTime()
    var client = try TestClient(time: time)
    client.api.patience = .zero
    let rig = LiveRig(time: time, client: client, sockets: ScriptedSockets())
    prepare(rig.service, rig.sockets)
    let live = LiveConnection(
        connection: client.connection(receive: receive),
        sockets: rig.sockets,
        settings: settings,
        seen: seen,
        hasConnected: hasConnected,
        logger: logger
    )
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask {
            do {
                let ending = try await live.run { arrival in
                    try await listener?(arrival)
                    rig.arrivals.put(arrival)
                }
                rig.endings.put(.success(ending))
            } catch {
                rig.endings.put(.failure(error))
            }
        }
        defer { group.cancelAll() }
        try await body(rig)
    }
}

extension LiveConnection.Settings {
    /// As always, with every delay as long as it can be.
    static var atTheLatest: Self {
        var settings = Self()
        settings.backoff.random = { 1 }
        return settings
    }
}
