import Participant
import Testing

@Suite("Backoff")
struct BackoffTests {
    @Test(
        "The span doubles with every try, up to the cap",
        arguments: [
            (1, 200), (2, 400), (3, 800), (4, 1600), (5, 3200), (6, 6400), (7, 10_000), (8, 10_000), (1000, 10_000), (Int.max, 10_000),
        ]
    )
    func doubles(attempt: Int, milliseconds: Int) {
        #expect(Backoff(random: { 1 }).delay(attempt: attempt) == .milliseconds(milliseconds))
        #expect(Backoff(random: { 0.5 }).delay(attempt: attempt) == .milliseconds(milliseconds) / 2)
        #expect(Backoff(random: { 0 }).delay(attempt: attempt) == .zero)
    }

    @Test("Numbers that no try has count as the first", arguments: [0, -1, .min])
    func toleratesNumbers(attempt: Int) {
        #expect(Backoff(random: { 1 }).delay(attempt: attempt) == .milliseconds(200))
    }

    @Test("The delay is anywhere in the span")
    func isFullJitter() {
        let backoff = Backoff(base: .seconds(8), cap: .seconds(8))
        let delays = (0..<4000).map { _ in backoff.delay(attempt: 1) }
        #expect(delays.allSatisfy { .zero <= $0 && $0 <= .seconds(8) })
        for eighth in 0..<8 {
            #expect(delays.contains { .seconds(eighth) <= $0 && $0 < .seconds(eighth + 1) })
        }
    }
}
