/// How fast a module may write what nobody asked for: on its standard error output all of it, on its standard output what is no answer.
///
/// A burst is read at once: a stack trace, or the progress bar of a start. After that it is read at a rate, so that the module waits, and a flood costs
/// no more than that. One that has waited for ``patience`` in all, without a pause of its own, is given up. Pure.
struct OutputPace {
    /// Until when all that was taken would have been read at the rate.
    private var owed: Duration
    private var waited = Duration.zero

    /// What is taken at a time, a line or a block, counts once, and once more for each of so many bytes.
    private static let unit = 4 << 10
    /// Units a second.
    private static let rate = 1024
    /// What may be read at once, at the rate's price.
    private static let burst = Duration.seconds(16)
    /// Less than this is not worth a wait.
    private static let shortestWait = Duration.milliseconds(50)
    /// Who owes nothing for so long has paused.
    private static let pause = Duration.seconds(1)
    static let patience = Duration.seconds(5)
    /// For a sentence about what it writes.
    static let limit = "more than \(rate) lines or \((rate * unit) >> 20) MiB a second"

    init(at uptime: Duration) {
        owed = uptime - Self.burst
    }

    /// - Returns: How long to wait before more is read; nil for a flood.
    mutating func take(_ bytes: Int, at uptime: Duration) -> Duration? {
        owed = max(owed, uptime - Self.burst)
        if uptime - owed >= Self.pause { waited = .zero }
        owed += Duration.seconds(1) * (1 + bytes / Self.unit) / Self.rate
        let wait = owed - uptime
        guard wait >= Self.shortestWait else { return .zero }
        guard waited < Self.patience else { return nil }
        waited += wait
        return wait
    }
}
