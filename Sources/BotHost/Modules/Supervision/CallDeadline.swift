import Synchronization
import Transport

/// How long a call may still take: each sign of progress gives it more, up to the end.
final class CallDeadline: Sendable {
    private let soft: Duration
    private let hard: Duration
    private let time: any TimeSource
    private let start: Duration
    private let progress: Mutex<Duration>

    init(soft: Duration, hard: Duration, time: any TimeSource) {
        self.soft = min(soft, hard)
        self.hard = hard
        self.time = time
        start = time.uptime
        progress = Mutex(start)
    }

    func noteProgress() {
        let now = time.uptime
        progress.withLock { $0 = now }
    }

    /// - Throws: ``ModuleFailure/timedOut(_:)`` when the call is out of time, `CancellationError` when the task is cancelled.
    func expire() async throws -> Never {
        while true {
            let now = time.uptime
            let (left, limit) =
                [(start + hard - now, hard), (progress.withLock { $0 } + soft - now, soft)].min { $0.0 < $1.0 } ?? (.zero, hard)
            if left <= .zero { throw ModuleFailure.timedOut(limit) }
            try await time.sleep(for: left)
        }
    }

    /// Runs the operation, and gives it up when it is out of time.
    ///
    /// It begins on the caller's thread, and no timer is set for one that never has to wait: a native module may answer within microseconds.
    func run<Value: Sendable>(_ operation: @escaping @Sendable () async throws -> Value) async throws -> Value {
        try await withThrowingTaskGroup(of: Value.self) { group in
            let isDone = Mutex(false)
            // Not on the executor that the caller prefers, once it has waited: whoever lives by a virtual clock holds a lease meanwhile.
            group.addImmediateTask {
                defer { isDone.withLock { $0 = true } }
                return try await operation()
            }
            if !isDone.withLock({ $0 }) { group.addImmediateTask { try await self.expire() } }
            defer { group.cancelAll() }
            guard let value = try await group.next() else { throw CancellationError() }
            return value
        }
    }
}
