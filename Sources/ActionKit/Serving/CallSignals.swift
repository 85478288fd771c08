import Synchronization

/// Calls off single pieces of work that all live in one task group.
final class CallSignals: Sendable {
    /// Ends when the work of its number is called off.
    struct Signal: Sendable {
        fileprivate let number: UInt64
        fileprivate let stream: AsyncStream<Never>
    }

    private let raised = Mutex<[UInt64: AsyncStream<Never>.Continuation]>([:])

    /// Makes the signal before the work begins, so that it can be called off from then on.
    func signal(_ number: UInt64) -> Signal {
        let (stream, continuation) = AsyncStream<Never>.makeStream()
        raised.withLock { $0[number] = continuation }
        return Signal(number: number, stream: stream)
    }

    /// Does the work, in a task that is cancelled when the signal is raised.
    func run<Value: Sendable>(until signal: Signal, _ work: @escaping @Sendable () async -> Value) async -> Value? {
        defer { raised.withLock { $0[signal.number] = nil } }
        return await withTaskGroup(of: Value?.self) { group in
            group.addTask { await work() }
            group.addTask {
                for await _ in signal.stream {}
                return nil
            }
            var value: Value?
            for await result in group {
                // Whichever ends first, the other has to.
                group.cancelAll()
                value = value ?? result
            }
            return value
        }
    }

    func cancel(_ number: UInt64) {
        raised.withLock { $0[number] }?.finish()
    }
}
