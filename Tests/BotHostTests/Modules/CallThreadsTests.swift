import TestSupport
import Testing

@testable import BotHost

@Suite("On which threads a native module is called", .timeLimit(.minutes(1)))
struct CallThreadsTests {
    private let time = VirtualTime()

    /// Who is on a caller's thread is within the caller's task.
    @TaskLocal private static var isCaller = false

    /// Whether a call that takes so long is made on the caller's thread.
    private func isDirect(_ threads: CallThreads, taking duration: Duration = .zero) async throws -> Bool {
        let answer = Inbox<Bool>()
        Self.$isCaller.withValue(true) {
            threads.call { [time] in
                time.advance(by: duration)
                answer.put(Self.isCaller)
            }
        }
        return try await answer.next()
    }

    @Test("On others until it has shown that it returns soon, and again after it did not")
    func promptness() async throws {
        let threads = CallThreads(time: time)
        for _ in 1...50 { #expect(try await !isDirect(threads, taking: .milliseconds(2))) }
        while try await !isDirect(threads, taking: .milliseconds(2)) {}
        #expect(try await isDirect(threads, taking: .milliseconds(3)))
        for _ in 1...50 { #expect(try await !isDirect(threads)) }
        while try await !isDirect(threads) {}
    }

    @Test("While one caller is within the module, the next goes on another thread")
    func hanging() async throws {
        let threads = CallThreads(time: time)
        while try await !isDirect(threads) {}
        let inner = Inbox<Bool>()
        Self.$isCaller.withValue(true) {
            threads.call {
                threads.call { inner.put(Self.isCaller) }
            }
        }
        #expect(try await inner.next() == false)
    }
}
