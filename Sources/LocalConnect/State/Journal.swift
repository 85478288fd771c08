import ConnectWire
import Synchronization

/// Stores changes in the order in which they arose, those of many calls in one transaction.
///
/// Its queue is bounded by the calls in flight, each of which waits for its own changes.
final class Journal: Sendable {
    /// Whoever waits for an entry waits through one of these.
    typealias Ticket = Int

    private struct State {
        var pending = Effects()
        var enqueued = 0
        var committed = 0
        var hasFailed = false
        var waiters: [(ticket: Ticket, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let state = Mutex(State())
    private let hasWork = Signal()
    private let store: any RecordStore

    init(store: any RecordStore) {
        self.store = store
    }

    func enqueue(_ effects: Effects) -> Ticket {
        let (ticket, isWork) = state.withLock { state in
            // Whoever only reads waits for what it may have read.
            if !effects.isEmpty {
                state.pending += effects
                state.enqueued += 1
            }
            return (state.enqueued, !effects.isEmpty)
        }
        if isWork { hasWork.set() }
        return ticket
    }

    /// Waits for the commit; false when there will be none.
    func isCommitted(_ ticket: Ticket) async -> Bool {
        await withCheckedContinuation { continuation in
            let answer: Bool? = state.withLock { state in
                if state.hasFailed { return false }
                if state.committed >= ticket { return true }
                state.waiters.append((ticket, continuation))
                return nil
            }
            if let answer { continuation.resume(returning: answer) }
        }
    }

    /// Commits what comes, then has it delivered. After a failure nothing is acknowledged any more.
    func run(deliver: @Sendable (Effects) -> Void) async throws {
        while !Task.isCancelled {
            await hasWork.wait()
            try await commitPending(deliver)
        }
        // The last calls' changes, too; whoever comes later is told that nothing is stored any more.
        try await commitPending(deliver)
        settle { state in state.hasFailed = true }
    }

    private func commitPending(_ deliver: @Sendable (Effects) -> Void) async throws {
        let (effects, ticket) = state.withLock { state in
            let effects = state.pending
            state.pending = Effects()
            return (effects, state.enqueued)
        }
        guard !effects.isEmpty else { return }
        do {
            try await store.commit(effects.changes)
        } catch {
            settle { state in state.hasFailed = true }
            throw error
        }
        deliver(effects)
        settle { state in state.committed = ticket }
    }

    private func settle(_ change: @Sendable (inout State) -> Void) {
        let (ready, answer) = state.withLock { state in
            change(&state)
            let committed = state.hasFailed ? Ticket.max : state.committed
            let ready = state.waiters.filter { $0.ticket <= committed }
            state.waiters.removeAll { $0.ticket <= committed }
            return (ready.map(\.continuation), !state.hasFailed)
        }
        for continuation in ready { continuation.resume(returning: answer) }
    }
}

/// Where records live on.
protocol RecordStore: Sendable {
    /// In one transaction.
    func commit(_ changes: [Change]) async throws
}
