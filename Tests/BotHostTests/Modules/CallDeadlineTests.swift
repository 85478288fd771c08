import Foundation
import TestSupport
import Testing
import Transport

@testable import BotHost

/// Time in which nobody may sleep.
private struct SleeplessTime: TimeSource {
    let now = Date(timeIntervalSince1970: 1_700_000_000)
    let uptime = Duration.zero

    func sleep(for duration: Duration) async throws {
        Issue.record("a timer was set")
    }
}

@Suite("How long a call may take")
struct CallDeadlineTests {
    /// What becomes of a call that never answers, while the body moves time.
    private static func outcome(_ deadline: CallDeadline, while body: () async -> Void) async -> ModuleFailure? {
        await withTaskGroup(of: ModuleFailure?.self) { group in
            group.addTask {
                do {
                    _ = try await deadline.run { try await Watched(false).first { $0 } }
                    return nil
                } catch {
                    return error as? ModuleFailure
                }
            }
            await body()
            return await group.next() ?? nil
        }
    }

    @Test("Silence ends it")
    func silence() async {
        let time = VirtualTime()
        let deadline = CallDeadline(soft: .seconds(15), hard: .seconds(40), time: time)
        let outcome = await Self.outcome(deadline) { await time.pass(.seconds(15)) }
        #expect(outcome == .timedOut(.seconds(15)))
    }

    @Test("Progress gives it more time, up to the end")
    func progress() async {
        let time = VirtualTime()
        let deadline = CallDeadline(soft: .seconds(15), hard: .seconds(40), time: time)
        let outcome = await Self.outcome(deadline) {
            await time.sleepers(1)
            time.advance(by: .seconds(10))
            deadline.noteProgress()
            // Woken after 15 seconds, it sees that the last sign was 5 seconds ago, and sleeps for 10 more; and so on.
            await time.pass(.seconds(5))
            await time.sleepers(1)
            deadline.noteProgress()
            await time.pass(.seconds(10))
            await time.sleepers(1)
            deadline.noteProgress()
            await time.pass(.seconds(5))
            // 30 have passed. The last sign was 5 ago, which would give it 10 more; so would the end.
            await time.pass(.seconds(10))
        }
        #expect(outcome == .timedOut(.seconds(40)))
    }

    @Test("A call that is answered before it waits sets no timer")
    func atOnce() async throws {
        let deadline = CallDeadline(soft: .seconds(15), hard: .seconds(40), time: SleeplessTime())
        #expect(try await deadline.run { 7 } == 7)
    }

    @Test("A limit of the step that is shorter than the module's own holds")
    func stepLimit() async {
        let time = VirtualTime()
        let deadline = CallDeadline(soft: .seconds(15), hard: .seconds(2), time: time)
        let outcome = await Self.outcome(deadline) { await time.pass(.seconds(2)) }
        #expect(outcome == .timedOut(.seconds(2)))
    }
}
