import Synchronization

/// Wakes those who wait for something to have changed.
final class Bell: Sendable {
    private struct State {
        var strikes = 0
        var nextID = 0
        var waiting: [Int: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    /// How often it was rung. Read before looking, so that no change between looking and waiting is missed.
    var strikes: Int { state.withLock { $0.strikes } }

    func ring() {
        let woken = state.withLock { state in
            state.strikes += 1
            defer { state.waiting = [:] }
            return state.waiting.values
        }
        for continuation in woken { continuation.resume() }
    }

    /// Returns when it has been rung more often than that, or the task is cancelled.
    func wait(after strikes: Int) async {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.strikes > strikes || Task.isCancelled { return true }
                    state.waiting[id] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: id) }?.resume()
        }
    }
}
