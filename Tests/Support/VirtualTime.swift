package import FoundationEssentials
import Synchronization
import Transport

/// Time that stands still until a test moves it.
package final class VirtualTime: TimeSource {
    private struct Sleeper {
        var wake: Duration
        var continuation: CheckedContinuation<Void, any Error>
    }

    private struct State {
        var uptime: Duration = .zero
        var nextID = 0
        var sleepers: [Int: Sleeper] = [:]
        /// Sleeps that were cancelled before they began to wait.
        var cancelled: Set<Int> = []
        var watchers: [Watcher] = []

        /// Those who wait for what has come about.
        mutating func readyWatchers() -> [CheckedContinuation<Void, Never>] {
            let ready = watchers.filter { $0.isMet(sleepers.values.map { $0.wake - uptime }) }
            watchers.removeAll { watcher in ready.contains { $0.id == watcher.id } }
            return ready.map(\.continuation)
        }
    }

    private struct Watcher {
        var id: Int
        /// By how long everybody still sleeps.
        var isMet: @Sendable ([Duration]) -> Bool
        var continuation: CheckedContinuation<Void, Never>
    }

    private let start: Date
    private let state = Mutex(State())

    package init(start: Date = Date(timeIntervalSince1970: 1_700_000_000)) {
        self.start = start
    }

    package var uptime: Duration { state.withLock { $0.uptime } }

    package var now: Date { start.addingTimeInterval(uptime / .seconds(1)) }

    package func sleep(for duration: Duration) async throws {
        let id = state.withLock { state in
            state.nextID += 1
            return state.nextID
        }
        try await withTaskCancellationHandler {
            try await withCheckedThrowingContinuation { continuation in
                let (result, watchers): (Result<Void, any Error>?, [CheckedContinuation<Void, Never>]) = state.withLock { state in
                    if state.cancelled.remove(id) != nil { return (.failure(CancellationError()), []) }
                    if duration <= .zero { return (.success(()), []) }
                    state.sleepers[id] = Sleeper(wake: state.uptime + duration, continuation: continuation)
                    return (nil, state.readyWatchers())
                }
                if let result { continuation.resume(with: result) }
                for watcher in watchers { watcher.resume() }
            }
        } onCancel: {
            let sleeper = state.withLock { state -> Sleeper? in
                if let sleeper = state.sleepers.removeValue(forKey: id) { return sleeper }
                state.cancelled.insert(id)
                return nil
            }
            sleeper?.continuation.resume(throwing: CancellationError())
        }
    }

    /// Returns once this many tasks are asleep, so that advancing meets them all.
    package func sleepers(_ count: Int) async {
        await watch { $0.count >= count }
    }

    /// Waits until some task sleeps for just this long from now, and then moves time to its waking.
    package func pass(_ duration: Duration) async {
        await watch { $0.contains(duration) }
        advance(by: duration)
    }

    private func watch(_ isMet: @escaping @Sendable ([Duration]) -> Bool) async {
        await withCheckedContinuation { continuation in
            let ready = state.withLock { state in
                state.nextID += 1
                state.watchers.append(Watcher(id: state.nextID, isMet: isMet, continuation: continuation))
                return state.readyWatchers()
            }
            for watcher in ready { watcher.resume() }
        }
    }

    /// Moves time, and wakes whoever's time has come, the earliest first.
    package func advance(by duration: Duration) {
        let woken = state.withLock { state in
            state.uptime += duration
            let due = state.sleepers.filter { $0.value.wake <= state.uptime }.sorted { $0.value.wake < $1.value.wake }
            for (id, _) in due { state.sleepers[id] = nil }
            return due.map(\.value.continuation)
        }
        for continuation in woken { continuation.resume() }
    }
}
