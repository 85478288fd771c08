import ConnectWire
import Logging
import Synchronization
import Transport

/// Runs the state: one step at a time; what a step changed is durable before anybody learns of it; what it pushes goes out in its order.
final class Engine: Sendable {
    private struct Guarded {
        var state: ServiceState
        var queues: [SocketID: FrameQueue] = [:]
    }

    private let guarded: Mutex<Guarded>
    private let journal: Journal?
    private let time: any TimeSource
    private let logger: Logger
    private let nextDeadlineChanged = Signal()
    let arrivals = ArrivalQueue()

    init(state: ServiceState, journal: Journal?, time: any TimeSource, logger: Logger) {
        guarded = Mutex(Guarded(state: state))
        self.journal = journal
        self.time = time
        self.logger = logger
    }

    var now: Timestamp { Timestamp(time.now) }

    /// Lets time pass, unless the task is cancelled.
    func pause(for duration: Duration) async {
        try? await time.sleep(for: duration)
    }

    /// - Throws: What the step throws; an internal error when its changes cannot be stored.
    func perform<Answer: Sendable>(
        _ step: @Sendable (inout ServiceState, Timestamp) throws(ServiceFault) -> Answer
    ) async throws(ServiceFault) -> Answer {
        let answer: Result<Answer, ServiceFault>
        if let journal {
            let (result, ticket) = run(step) { effects in journal.enqueue(effects) }
            guard await journal.isCommitted(ticket) else {
                throw ServiceFault(.internalServer, message: "the local service cannot store its data; its log says why")
            }
            answer = result
        } else {
            answer = run(step) { _ in }.0
        }
        return try answer.get()
    }

    /// For what is not kept: nobody waits for the disk.
    @discardableResult
    func withState<Answer: Sendable>(_ step: @Sendable (inout ServiceState, Timestamp) -> Answer) -> Answer {
        guarded.withLock { step(&$0.state, now) }
    }

    private func run<Answer: Sendable, Ticket: Sendable>(
        _ step: (inout ServiceState, Timestamp) throws(ServiceFault) -> Answer,
        enqueue: (Effects) -> Ticket
    ) -> (Result<Answer, ServiceFault>, Ticket) {
        let (result, ticket, isEarlier) = guarded.withLock { guarded in
            let next = guarded.state.nextDeadline
            let result = Result { () throws(ServiceFault) in try step(&guarded.state, now) }
            let effects = guarded.state.takeEffects()
            let ticket = enqueue(effects)
            if journal == nil { deliver(effects, &guarded) }
            return (result, ticket, guarded.state.nextDeadline != next)
        }
        if isEarlier { nextDeadlineChanged.set() }
        return (result, ticket)
    }

    /// Inside the lock, so that two steps' pushes never change places. Queues do not wait.
    private func deliver(_ effects: Effects, _ guarded: inout Guarded) {
        for push in effects.pushes {
            switch push {
            case .frame(let frame, let receivers):
                guard let text = try? frame.text() else { continue }
                for id in receivers where guarded.queues[id]?.push(text) == .full {
                    logger.warning("a WebSocket is closed: its client reads too slowly", metadata: ["socket": "\(id.rawValue)"])
                    guarded.queues.removeValue(forKey: id)
                    guarded.state.forgetSocket(id)
                }
            case .text(let text, let receivers):
                for id in receivers { guarded.queues[id]?.push(text) }
            case .silence(let ids):
                for id in ids { guarded.queues[id]?.silence() }
            case .close(let ids, let code, let reason):
                for id in ids { guarded.queues.removeValue(forKey: id)?.finish(code, reason: reason) }
            }
        }
        for arrival in effects.arrivals where !arrivals.push(arrival) {
            logger.error("a chat gets no bot: too many chats wait for the intake", metadata: ["contact": "\(arrival.contactID)"])
        }
    }
}

// Sockets
extension Engine {
    /// The caller owes a ``close(_:)``.
    func openSocket(_ ticket: WebSocketTicket) throws(ServiceFault) -> (SocketID, FrameQueue) {
        let queue = FrameQueue()
        let result = guarded.withLock { guarded -> Result<SocketID, ServiceFault> in
            let result = Result { () throws(ServiceFault) in try guarded.state.openSocket(ticket, at: now) }
            if case .success(let id) = result { guarded.queues[id] = queue }
            return result
        }
        nextDeadlineChanged.set()
        return (try result.get(), queue)
    }

    func close(_ id: SocketID) {
        guarded.withLock { guarded in
            guarded.queues[id] = nil
            guarded.state.forgetSocket(id)
        }
    }
}

// What runs beside the calls
extension Engine {
    func run() async throws {
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.fireDeadlines() }
            if let journal {
                group.addTask {
                    try await journal.run { effects in self.guarded.withLock { self.deliver(effects, &$0) } }
                }
            }
            // The first failure ends the others.
            while try await group.next() != nil {}
        }
    }

    private func fireDeadlines() async throws {
        while !Task.isCancelled {
            await waitForDeadline()
            try await perform { (state, now) throws(ServiceFault) in state.fireDeadlines(at: now) }
        }
    }

    /// Returns when the next deadline has come, or another one has become the next.
    private func waitForDeadline() async {
        let next = withState { state, _ in state.nextDeadline }
        await withDiscardingTaskGroup { group in
            let done = Signal()
            group.addTask {
                await self.nextDeadlineChanged.wait()
                done.set()
            }
            if let next {
                group.addTask {
                    try? await self.time.sleep(until: next.date)
                    done.set()
                }
            }
            await done.wait()
            group.cancelAll()
        }
    }
}
