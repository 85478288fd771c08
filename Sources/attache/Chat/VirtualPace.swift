import Synchronization
import Transport

/// Time that passes only when it is told to: what needs time to be done jumps from timer to timer, up to a limit.
struct VirtualPace: Pace {
    let time: SimulatedTime

    /// How long something may take that has no limit of its own.
    private static let patience = Duration.seconds(10)

    var uptime: Duration { time.uptime }

    func settle() async {
        await time.settle()
    }

    func complete<Value: Sendable>(_ work: @escaping @Sendable () async throws -> Value) async throws -> Value {
        let end = time.uptime + Self.patience
        let outcome = Outcome<Value>()
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { await outcome.set(work) }
            defer { group.cancelAll() }
            await time.settle()
            while outcome.result == nil, await time.fireNextTimer(until: end) {}
            guard let result = outcome.result else { throw ScriptProblem("this was not done within \(Self.patience)") }
            return try result.get()
        }
    }

    func goOn(until end: Duration, _ bell: Bell, after strikes: Int) async throws -> Bool {
        if await time.fireNextTimer(until: end) { return true }
        await time.advance(by: max(.zero, end - time.uptime))
        return false
    }

    func wait(_ duration: Duration) async throws {
        await time.advance(by: duration)
    }

    func advance(by duration: Duration) async throws {
        await time.advance(by: duration)
    }
}

/// What a task has come to.
private final class Outcome<Value: Sendable>: Sendable {
    private let state = Mutex<Result<Value, any Error>?>(nil)

    var result: Result<Value, any Error>? { state.withLock { $0 } }

    func set(_ work: () async throws -> Value) async {
        let result: Result<Value, any Error>
        do {
            result = .success(try await work())
        } catch {
            result = .failure(error)
        }
        state.withLock { $0 = result }
    }
}
