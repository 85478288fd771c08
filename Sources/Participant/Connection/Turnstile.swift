import Synchronization

/// Lets one at a time in. Who comes meanwhile waits, in the order of coming, and may give up waiting.
final class Turnstile: Sendable {
    private struct State {
        var isOccupied = false
        var lastID = 0
        var waiting: [(id: Int, continuation: CheckedContinuation<Bool, Never>)] = []
    }

    private let state = Mutex(State())

    /// Runs the body when it is its turn.
    /// - Throws: `CancellationError` when the task was cancelled before that, else what the body throws.
    func pass<Value>(isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> sending Value) async throws -> sending Value
    {
        try await enter()
        defer { leave() }
        return try await body()
    }

    private func enter() async throws {
        let id = state.withLock { state in
            state.lastID += 1
            return state.lastID
        }
        let isInside = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let answer: Bool? = state.withLock { state in
                    if Task.isCancelled { return false }
                    if state.isOccupied {
                        state.waiting.append((id, continuation))
                        return nil
                    }
                    state.isOccupied = true
                    return true
                }
                if let answer { continuation.resume(returning: answer) }
            }
        } onCancel: {
            let waiter = state.withLock { state in
                state.waiting.firstIndex { $0.id == id }.map { state.waiting.remove(at: $0) }
            }
            waiter?.continuation.resume(returning: false)
        }
        if !isInside { throw CancellationError() }
    }

    private func leave() {
        let next = state.withLock { state in
            if state.waiting.isEmpty {
                state.isOccupied = false
                return nil as CheckedContinuation<Bool, Never>?
            }
            return state.waiting.removeFirst().continuation
        }
        next?.resume(returning: true)
    }
}
