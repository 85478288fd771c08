import Glibc

/// From where wrong secrets came, how often, and what that costs.
///
/// A secret has 16 characters and more and is guessed at no rate, so a right one is never made to wait, and nobody locks out a Lambda with which they
/// share an address. A wrong one is answered later each time, up to a time in which a Lambda that has it wrong still hears the answer. As every
/// answer that waits holds a connection, the number of those that wait is bounded; the next are turned away at once.
struct WrongSecretLedger: Sendable {
    static let firstDelay = Duration.milliseconds(100)
    static let longestDelay = Duration.seconds(2)
    /// An address that sent nothing wrong for as long begins anew.
    static let memory = Duration.seconds(600)
    static let addressLimit = 1024
    static let waitingLimit = 512
    static let waitingLimitOfAddress = 64
    /// Lines of the log in a minute, from however many addresses.
    static let linesPerMinute = 20

    struct Verdict: Hashable {
        /// How long the answer waits; nil where too many wait already.
        var delay: Duration?
        /// How many came from the address.
        var count: Int
        /// Whether it is one to write down: the 1st, 10th, 100th and so on, so that no flood of requests is a flood of lines.
        var isReported: Bool
    }

    private struct Entry {
        var count = 0
        var waiting = 0
        var lastSeen: Duration
    }

    private var entries: [String: Entry] = [:]
    private var waiting = 0
    private var lines = 0
    private var minute = Duration.zero

    /// Notes a wrong secret. A verdict with a delay is owed a ``release(_:)``.
    mutating func note(_ address: String, at now: Duration) -> Verdict {
        let client = Self.client(of: address)
        makeRoom(for: client)
        var entry = entries[client] ?? Entry(lastSeen: now)
        if now - entry.lastSeen >= Self.memory { entry.count = 0 }
        entry.lastSeen = now
        entry.count += 1
        let mayWait = entry.waiting < Self.waitingLimitOfAddress && waiting < Self.waitingLimit
        if mayWait {
            entry.waiting += 1
            waiting += 1
        }
        entries[client] = entry
        return Verdict(
            delay: mayWait ? Self.delay(of: entry.count) : nil,
            count: entry.count,
            isReported: Self.isPowerOfTen(entry.count) && takeLine(at: now)
        )
    }

    /// An answer has waited.
    mutating func release(_ address: String) {
        entries[Self.client(of: address)]?.waiting -= 1
        waiting -= 1
    }

    private static func delay(of count: Int) -> Duration {
        min(longestDelay, firstDelay * (1 << min(count - 1, 10)))
    }

    private static func isPowerOfTen(_ count: Int) -> Bool {
        var rest = count
        while rest.isMultiple(of: 10) { rest /= 10 }
        return rest == 1
    }

    private mutating func takeLine(at now: Duration) -> Bool {
        if now - minute >= .seconds(60) {
            minute = now
            lines = 0
        }
        lines += 1
        return lines <= Self.linesPerMinute
    }

    /// Those whose answers wait, fewer than the table holds, are not forgotten.
    private mutating func makeRoom(for client: String) {
        guard entries[client] == nil, entries.count >= Self.addressLimit else { return }
        let oldest = entries.filter { $0.value.waiting == 0 }.min { $0.value.lastSeen < $1.value.lastSeen }
        if let oldest { entries[oldest.key] = nil }
    }

    /// Whom an address stands for. Who has an IPv6 address has its network of 64 bits.
    private static func client(of address: String) -> String {
        var bytes = [UInt8](repeating: 0, count: 16)
        guard inet_pton(AF_INET6, address, &bytes) == 1 else { return address }
        let isIPv4 = bytes.starts(with: [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF])
        return (isIPv4 ? bytes[12...] : bytes[..<8]).map { "\($0)" }.joined(separator: ".")
    }
}
