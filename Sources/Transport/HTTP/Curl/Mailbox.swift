import Synchronization

/// What goes from the senders to the transfer thread. It is also where requests are counted, and refused when there are too many.
final class Mailbox: Sendable {
    enum Order {
        case start(Exchange, Transfer.Answer)
        case cancel(Exchange)
    }

    /// Why a request was not taken.
    enum Refusal: Error {
        case full
        case closed
        case cancelled
    }

    private struct State {
        var orders: [Order] = []
        /// Requests taken and not yet answered.
        var underWay = 0
        var isClosed = false
        var isEmptied = false
        /// True from just before the thread sleeps until it is woken.
        var isSleeping = false
        var waitingForEnd: [CheckedContinuation<Void, Never>] = []
    }

    private let limit: Int
    private let multi: MultiHandle
    private let state = Mutex(State())

    init(limit: Int, multi: MultiHandle) {
        self.limit = limit
        self.multi = multi
    }

    // MARK: For senders

    /// To be called in the sender's task: where that is cancelled already, its cancellation came before and met nothing.
    func start(_ exchange: Exchange, _ answer: Transfer.Answer) throws(Refusal) {
        let refusal: Refusal? = state.withLock { state in
            guard !Task.isCancelled else { return .cancelled }
            guard !state.isClosed else { return .closed }
            guard state.underWay < limit else { return .full }
            state.underWay += 1
            post(.start(exchange, answer), to: &state)
            return nil
        }
        if let refusal { throw refusal }
    }

    func cancel(_ exchange: Exchange) {
        state.withLock { state in
            if !state.isClosed { post(.cancel(exchange), to: &state) }
        }
    }

    /// Takes no more; the thread answers what is under way, and ends.
    func close() {
        state.withLock { state in
            state.isClosed = true
            wake(&state)
        }
    }

    /// Returns once the thread has ended.
    func end() async {
        await withCheckedContinuation { continuation in
            let hasEnded = state.withLock { state in
                if !state.isEmptied { state.waitingForEnd.append(continuation) }
                return state.isEmptied
            }
            if hasEnded { continuation.resume() }
        }
    }

    private func post(_ order: Order, to state: inout State) {
        state.orders.append(order)
        wake(&state)
    }

    /// Under the lock, so that the multi handle is not closed meanwhile.
    private func wake(_ state: inout State) {
        guard state.isSleeping else { return }
        state.isSleeping = false
        multi.wakeUp()
    }

    // MARK: For the thread

    /// What came since the last time.
    func take() -> (orders: [Order], isClosed: Bool) {
        state.withLock { state in
            state.isSleeping = false
            defer { state.orders = [] }
            return (state.orders, state.isClosed)
        }
    }

    /// Whether there is nothing to do; from here on, whoever posts something wakes the thread.
    func fallAsleep() -> Bool {
        state.withLock { state in
            state.isSleeping = state.orders.isEmpty && !state.isClosed
            return state.isSleeping
        }
    }

    /// A request is about to be answered.
    func release() {
        state.withLock { $0.underWay -= 1 }
    }

    /// The thread is about to end.
    func finish() {
        let waiting = state.withLock { state in
            state.isEmptied = true
            defer { state.waitingForEnd = [] }
            return state.waitingForEnd
        }
        for continuation in waiting { continuation.resume() }
    }
}
