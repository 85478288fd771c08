import Synchronization

/// Where a dialogue says that it no longer waits for an effect, and where the effect under way hears of it.
final class EffectCancellations: Sendable {
    private struct State {
        var cancelled: Set<EffectID> = []
        var waiting: [EffectID: CheckedContinuation<Void, Never>] = [:]
    }

    private let state = Mutex(State())

    func cancel(_ effect: EffectID) {
        let waiter = state.withLock { state in
            state.cancelled.insert(effect)
            return state.waiting.removeValue(forKey: effect)
        }
        waiter?.resume()
    }

    /// Forgets an effect that is over.
    func forget(_ effect: EffectID) {
        state.withLock { _ = $0.cancelled.remove(effect) }
    }

    /// Runs the operation unless, or until, the effect is cancelled.
    /// - Returns: Nil when it was.
    func run<Value: Sendable>(
        _ effect: EffectID,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value? {
        if state.withLock({ $0.cancelled.contains(effect) }) { return nil }
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                await self.cancellation(of: effect)
                return nil
            }
            defer { group.cancelAll() }
            return try await group.next() ?? nil
        }
    }

    /// Returns when the effect, or this task, is cancelled.
    private func cancellation(of effect: EffectID) async {
        await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let isOver = state.withLock { state in
                    if state.cancelled.contains(effect) || Task.isCancelled { return true }
                    state.waiting[effect] = continuation
                    return false
                }
                if isOver { continuation.resume() }
            }
        } onCancel: {
            state.withLock { $0.waiting.removeValue(forKey: effect) }?.resume()
        }
    }
}
