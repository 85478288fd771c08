import Synchronization

/// Holds the connection back while the dialogue has as many items waiting as it may have.
final class ArrivalGate: Sendable {
    private struct State {
        var isOpen = true
        var waiting: CheckedContinuation<Void, Never>?
    }

    private let state = Mutex(State())

    func set(open isOpen: Bool) {
        let waiter = state.withLock { state in
            state.isOpen = isOpen
            return isOpen ? state.waiting.take() : nil
        }
        waiter?.resume()
    }

    /// Returns when the gate is open, or the task is cancelled. For one waiter at a time.
    func pass() async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let mayPass = state.withLock { state in
                    if state.isOpen || Task.isCancelled { return true }
                    state.waiting = continuation
                    return false
                }
                if mayPass { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.take() }?.resume()
        }
    }
}
