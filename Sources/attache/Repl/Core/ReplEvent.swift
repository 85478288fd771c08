import ConnectWire

/// Something that the driver of the REPL waits for.
enum ReplEvent: Sendable {
    case input(ReplMachine.Input)
    case heard(Person, [Item])
    case ended(Person, reason: String)
    case shown(ReplOutput)
    /// The command that runs has taken long enough to say so.
    case takesTime(String)
    /// The process is asked to end.
    case terminate
}

/// The one queue of the REPL. Beyond its bound, what would be shown is left out; nothing else is.
struct ReplEvents: Sendable {
    let stream: AsyncStream<ReplEvent>
    private let continuation: AsyncStream<ReplEvent>.Continuation

    private static let capacity = 100_000

    init() {
        (stream, continuation) = AsyncStream.makeStream(of: ReplEvent.self, bufferingPolicy: .bufferingOldest(Self.capacity))
    }

    /// - Returns: False when the queue is full and the event is lost.
    @discardableResult
    func tell(_ event: ReplEvent) -> Bool {
        if case .enqueued = continuation.yield(event) { true } else { false }
    }

    /// For what must not be lost.
    func insist(on event: ReplEvent) async {
        while case .dropped = continuation.yield(event) { await Task.yield() }
    }
}
