import Synchronization

/// Where the service listens, once it does.
final class BoundAddress: Sendable {
    private enum State {
        case pending([CheckedContinuation<String, any Error>])
        case known(Result<String, any Error>)
    }

    private let state = Mutex(State.pending([]))

    /// Waits until the service listens, or cannot.
    var value: String {
        get async throws {
            try await withCheckedThrowingContinuation { continuation in
                let known: Result<String, any Error>? = state.withLock { state in
                    switch state {
                    case .known(let result): return result
                    case .pending(let waiters):
                        state = .pending(waiters + [continuation])
                        return nil
                    }
                }
                if let known { continuation.resume(with: known) }
            }
        }
    }

    /// The first answer counts.
    func settle(_ result: Result<String, any Error>) {
        let waiters: [CheckedContinuation<String, any Error>] = state.withLock { state in
            guard case .pending(let waiters) = state else { return [] }
            state = .known(result)
            return waiters
        }
        for waiter in waiters { waiter.resume(with: result) }
    }
}
