package import ConnectWire

/// A token bucket that gives every caller a place in the future: it answers how long to wait, and counts the call as made then.
package struct TokenBucket: Sendable {
    private let quota: Quota
    /// Below zero when calls are waiting for their places.
    private var tokens: Double
    private var filledAt: Duration

    package init(_ quota: Quota, at uptime: Duration) {
        self.quota = quota
        tokens = Double(quota.burst)
        filledAt = uptime
    }

    /// Takes a token.
    /// - Returns: How long the caller must wait before it calls; zero as a rule.
    package mutating func reserve(at uptime: Duration) -> Duration {
        refill(at: uptime)
        tokens -= 1
        return tokens >= 0 ? .zero : .seconds(-tokens / quota.rate)
    }

    /// Returns the token of a call that will not be made.
    package mutating func giveBack() {
        tokens = min(Double(quota.burst), tokens + 1)
    }

    /// The service throttled a call all the same: others use the quota, too. What was saved up is given up.
    package mutating func empty(at uptime: Duration) {
        refill(at: uptime)
        tokens = min(tokens, 0)
    }

    private mutating func refill(at uptime: Duration) {
        let elapsed = max(.zero, uptime - filledAt)
        tokens = min(Double(quota.burst), tokens + elapsed / .seconds(1) * quota.rate)
        filledAt = uptime
    }
}
