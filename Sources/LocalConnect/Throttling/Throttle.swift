import ConnectWire

/// A token bucket for each API and instance.
struct Throttle: Sendable {
    private struct Key: Hashable {
        var name: QuotaName
        var instance: InstanceID
    }

    private let quotas: Quotas
    private var buckets: [Key: TokenBucket] = [:]

    init(_ quotas: Quotas) {
        self.quotas = quotas
    }

    /// Takes a token; false when there is none.
    mutating func admits(_ name: QuotaName, of instance: InstanceID, at now: Timestamp) -> Bool {
        guard let quota = quotas.quota(for: name) else { return true }
        return buckets[Key(name: name, instance: instance), default: TokenBucket(quota, at: now)].take(at: now)
    }
}

struct TokenBucket: Sendable {
    private let quota: Quota
    private var tokens: Double
    private var filledAt: Timestamp

    init(_ quota: Quota, at now: Timestamp) {
        self.quota = quota
        tokens = Double(quota.burst)
        filledAt = now
    }

    mutating func take(at now: Timestamp) -> Bool {
        // A clock that was set back fills nothing.
        let elapsed = max(0, now.millisecondsSince1970 - filledAt.millisecondsSince1970)
        tokens = min(Double(quota.burst), tokens + Double(elapsed) / 1000 * quota.rate)
        filledAt = now
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
