/// How a module has done lately, and so when it is started again. Pure; times are those of a clock that never jumps.
struct ModuleHealth: Hashable, Sendable {
    /// The latest failures within the memory, the oldest first.
    private(set) var failures: [Duration] = []

    /// Failures older than this are forgiven.
    static let memory = Duration.seconds(3600)
    /// With so many failures in the memory, it rests.
    static let limit = 3
    static let rest = Duration.seconds(600)

    private static let firstDelay = Duration.milliseconds(500)
    private static let longestDelay = Duration.seconds(30)

    enum Verdict: Hashable, Sendable {
        case restart(after: Duration)
        /// One more start is tried after that; it is never given up for good.
        case rest(Duration)
    }

    /// Takes note of a failure.
    /// - Parameter jitter: 0 to 1: many modules that fell together do not all rise together.
    mutating func failed(at now: Duration, jitter: Double) -> Verdict {
        failures.removeAll { now - $0 > Self.memory }
        failures.append(now)
        // Of a module that rests again and again, no more is remembered than it takes.
        if failures.count > Self.limit { failures.removeFirst() }
        guard failures.count < Self.limit else { return .rest(Self.rest) }
        let delay = min(Self.longestDelay, Self.firstDelay * (1 << (failures.count - 1)))
        return .restart(after: delay * (0.5 + jitter / 2))
    }

    /// Somebody has seen to it: it may start at once.
    mutating func forgive() {
        failures = []
    }
}
