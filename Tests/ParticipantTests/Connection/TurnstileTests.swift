import TestSupport
import Testing

@testable import Participant

@Suite("The turnstile", .timeLimit(.minutes(1)))
struct TurnstileTests {
    @Test("One at a time is inside, and everybody gets in")
    func oneAtATime() async throws {
        let turnstile = Turnstile()
        let steps = Recorder<String>()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<20 {
                group.addTask {
                    for _ in 0..<50 {
                        try await turnstile.pass {
                            steps.append("in")
                            await Task.yield()
                            steps.append("out")
                        }
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(steps.values == (0..<1000).flatMap { _ in ["in", "out"] })
    }

    @Test("Who fails inside lets the next in")
    func failure() async throws {
        struct Failure: Error {}
        let turnstile = Turnstile()
        await #expect(throws: Failure.self) { try await turnstile.pass { throw Failure() } }
        #expect(try await turnstile.pass { 7 } == 7)
    }

    @Test("Who is cancelled outside leaves, and holds nobody up")
    func cancelled() async throws {
        let turnstile = Turnstile()
        let gate = AsyncStream.makeStream(of: Void.self)
        let entered = AsyncStream.makeStream(of: Void.self)
        let first = Task {
            try await turnstile.pass {
                entered.continuation.finish()
                for await _ in gate.stream {}
            }
        }
        for await _ in entered.stream {}
        let second = Task { try await turnstile.pass {} }
        second.cancel()
        await #expect(throws: CancellationError.self) { try await second.value }
        gate.continuation.finish()
        try await first.value
        try await turnstile.pass {}
    }

    @Test("However tasks are cancelled, everybody else still gets in")
    func cancelledAtRandom() async throws {
        let turnstile = Turnstile()
        for _ in 0..<50 {
            let tasks = (0..<20).map { _ in
                Task { try await turnstile.pass { await Task.yield() } }
            }
            for task in tasks where Bool.random() { task.cancel() }
            for task in tasks { _ = await task.result }
        }
        try await turnstile.pass {}
    }
}
