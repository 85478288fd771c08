import ConnectWire
import Participant

/// How much a server may say that nobody asked for: notifications, requests of its own, late answers, blank lines.
struct NoiseBudget {
    private var lines: TokenBucket

    /// Lines a second, and at once. A line counts once more for each of so many bytes.
    private static let quota = Quota(rate: 200, burst: 2000)
    private static let bytesPerLine = 4096

    init(at uptime: Duration) {
        lines = TokenBucket(Self.quota, at: uptime)
    }

    /// - Returns: False when it is used up.
    mutating func take(lineOf bytes: Int, at uptime: Duration) -> Bool {
        (0...(bytes / Self.bytesPerLine)).allSatisfy { _ in lines.reserve(at: uptime) == .zero }
    }
}
