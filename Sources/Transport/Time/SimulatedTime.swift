package import FoundationEssentials
import Synchronization

/// The virtual clock: time that passes only when it is told to, and only when nothing else can go on.
///
/// Everything that lives by it runs inside ``run(from:_:)``. What happens outside of its executor takes a lease with ``whileBusy(_:)``.
package final class SimulatedTime: TimeSource {
    private struct Sleeper {
        var id: Int
        var wake: Duration
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var uptime: Duration = .zero
        var nextID = 0
        /// By waking, and within one instant by the order in which they fell asleep.
        var sleepers: [Sleeper] = []
        /// Sleeps that were cancelled before they began.
        var cancelled: Set<Int> = []
    }

    private let start: Date
    private let executor = SettlingExecutor()
    private let state = Mutex(State())

    private init(start: Date) {
        self.start = start
    }

    /// Runs a simulation; when it returns, every task that it started has ended.
    package static func run<Value: Sendable>(
        from start: Date,
        _ simulation: @escaping @Sendable (SimulatedTime) async throws -> Value
    ) async throws -> Value {
        let time = SimulatedTime(start: start)
        return try await withTaskExecutorPreference(time.executor) { try await simulation(time) }
    }

    package var uptime: Duration { state.withLock { $0.uptime } }

    package var now: Date { start.addingTimeInterval(uptime / .seconds(1)) }

    package func whileBusy<Value>(_ work: () async throws -> Value) async rethrows -> Value {
        executor.begin()
        defer { executor.end() }
        return try await work()
    }

    package func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let result: Result<Void, any Error>? = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return .failure(CancellationError()) }
                    if duration <= .zero { return .success(()) }
                    let sleeper = Sleeper(id: id, wake: state.uptime + duration, continuation: continuation)
                    let place = state.sleepers.firstIndex { $0.wake > sleeper.wake } ?? state.sleepers.endIndex
                    state.sleepers.insert(sleeper, at: place)
                    return nil
                }
                if let result { continuation.resume(with: result) }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                guard let place = state.sleepers.firstIndex(where: { $0.id == id }) else {
                    state.cancelled.insert(id)
                    return nil
                }
                return state.sleepers.remove(at: place)
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
        _ = state.withLock { $0.cancelled.remove(id) }
    }

    /// Returns when nothing can go on without time passing.
    package func settle() async {
        await executor.settle()
    }

    /// Settles, then lets time pass, firing the timers of the span in order and settling after each.
    package func advance(by duration: Duration) async {
        await settle()
        let end = uptime + duration
        while await fireNextTimer(until: end) {}
        state.withLock { $0.uptime = end }
    }

    /// Settles, jumps to the next timer, and settles again.
    /// - Returns: False when there is no timer until then; time has not moved.
    package func fireNextTimer(until end: Duration) async -> Bool {
        await settle()
        let sleeper = state.withLock { state -> Sleeper? in
            guard let first = state.sleepers.first, first.wake <= end else { return nil }
            state.uptime = first.wake
            return state.sleepers.removeFirst()
        }
        guard let sleeper else { return false }
        sleeper.continuation.resume()
        await settle()
        return true
    }
}
