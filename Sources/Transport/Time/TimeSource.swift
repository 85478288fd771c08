package import FoundationEssentials

/// The one way to know and to pass time. Nothing in Attaché reads a clock or sleeps but through the source that it was given.
package protocol TimeSource: Sendable {
    /// The wall clock: for expiries and time stamps. It may jump.
    var now: Date { get }

    /// Time since some start, which never jumps: for pacing and waiting.
    var uptime: Duration { get }

    /// - Throws: `CancellationError` as soon as the task is cancelled.
    func sleep(for duration: Duration) async throws

    /// Runs work that happens out of sight, on another queue or in another process. Virtual time stands still meanwhile.
    func whileBusy<Value>(_ work: () async throws -> Value) async rethrows -> Value
}

extension TimeSource {
    package func whileBusy<Value>(_ work: () async throws -> Value) async rethrows -> Value {
        try await work()
    }

    /// Sleeps until the wall clock shows the date; a clock set forward meanwhile is noticed within a minute.
    package func sleep(until date: Date) async throws {
        while true {
            let left = date.timeIntervalSince(now)
            if left <= 0 { return }
            try await sleep(for: .seconds(min(left, 60)))
        }
    }

    /// Runs the operation, and cancels it when the time is over.
    /// - Throws: ``TimeoutError`` when the time was over first, else what the operation throws.
    package func withTimeout<Value: Sendable>(
        _ duration: Duration,
        _ operation: @escaping @Sendable () async throws -> Value
    ) async throws -> Value {
        try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask { try await operation() }
            group.addTask {
                try await sleep(for: duration)
                return nil
            }
            defer { group.cancelAll() }
            guard let first = try await group.next(), let value = first else { throw TimeoutError(duration: duration) }
            return value
        }
    }
}

/// Something took longer than it may.
package struct TimeoutError: Error, Hashable, Sendable, CustomStringConvertible {
    package var duration: Duration

    package var description: String { "no answer within \(duration)" }
}

/// Real time.
package struct SystemTime: TimeSource {
    private let start = ContinuousClock.now

    package init() {}

    package var now: Date { Date() }

    package var uptime: Duration { start.duration(to: .now) }

    package func sleep(for duration: Duration) async throws {
        try await Task.sleep(for: duration, tolerance: .zero, clock: .continuous)
    }
}
