/// How long to wait before a try is repeated: full jitter, which spreads many clients evenly over a doubling, capped span.
package struct Backoff: Sendable {
    package var base: Duration
    package var cap: Duration
    /// 0 to 1; a parameter, so that tests know what comes.
    package var random: @Sendable () -> Double

    package init(
        base: Duration = .milliseconds(200),
        cap: Duration = .seconds(10),
        random: @escaping @Sendable () -> Double = { Double.random(in: 0...1) }
    ) {
        self.base = base
        self.cap = cap
        self.random = random
    }

    /// - Parameter attempt: The number of the try that failed, from 1.
    package func delay(attempt: Int) -> Duration {
        let doublings = min(max(attempt, 1) - 1, 16)
        return min(cap, base * (1 << doublings)) * random()
    }
}
