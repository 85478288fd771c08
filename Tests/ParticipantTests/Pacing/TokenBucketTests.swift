import ConnectWire
import Participant
import Testing

@Suite("Token buckets")
struct TokenBucketTests {
    private func isClose(_ left: Duration, _ right: Duration) -> Bool {
        abs((left - right) / .seconds(1)) < 1e-9
    }

    @Test("A burst passes, and who comes after it waits for the rate", arguments: QuotaGroup.allCases)
    func burst(group: QuotaGroup) {
        let quota = group.documented
        var bucket = TokenBucket(quota, at: .seconds(1000))
        let waits = (0..<quota.burst + 50).map { _ in bucket.reserve(at: .seconds(1000)) }
        #expect(waits.prefix(quota.burst).allSatisfy { $0 == .zero })
        for (place, wait) in waits.dropFirst(quota.burst).enumerated() {
            #expect(isClose(wait, .seconds(Double(place + 1) / quota.rate)))
        }
    }

    @Test("However long the pause, no more than the burst is saved up", arguments: QuotaGroup.allCases)
    func longPause(group: QuotaGroup) {
        let quota = group.documented
        var bucket = TokenBucket(quota, at: .zero)
        for _ in 0..<(3 * quota.burst) { _ = bucket.reserve(at: .zero) }
        let later = Duration.seconds(365 * 24 * 3600)
        let waits = (0...quota.burst).map { _ in bucket.reserve(at: later) }
        #expect(waits.dropLast().allSatisfy { $0 == .zero })
        #expect(isClose(waits[quota.burst], .seconds(1 / quota.rate)))
    }

    /// The service's side: a bucket that refuses.
    private struct Gatekeeper {
        var quota: Quota
        var tokens: Double
        var time = 0.0

        mutating func admits(at now: Double) -> Bool {
            tokens = min(Double(quota.burst), tokens + (now - time) * quota.rate)
            time = now
            guard tokens > 1 - 1e-6 else { return false }
            tokens -= 1
            return true
        }
    }

    @Test("A service with the same quota never refuses a paced call", arguments: QuotaGroup.allCases)
    func neverRefused(group: QuotaGroup) {
        let quota = group.documented
        var bucket = TokenBucket(quota, at: .zero)
        var random = SystemRandomNumberGenerator()
        var now = 0.0
        var calls: [Double] = []
        for round in 0..<2000 {
            // Bursts, trickles and long pauses.
            now += round.isMultiple(of: 50) ? 30 : Double.random(in: 0...(2 / quota.rate), using: &random)
            for _ in 0..<(round.isMultiple(of: 97) ? 3 * quota.burst : 1) {
                calls.append(now + bucket.reserve(at: .seconds(now)) / .seconds(1))
            }
        }
        var gatekeeper = Gatekeeper(quota: quota, tokens: Double(quota.burst))
        let refused = calls.sorted().filter { !gatekeeper.admits(at: $0) }
        #expect(refused.isEmpty)
    }

    @Test("After a refusal nothing is saved up, but nobody's place is lost either")
    func empty() {
        var bucket = TokenBucket(Quota(rate: 2, burst: 5), at: .zero)
        bucket.empty(at: .zero)
        var waits = [bucket.reserve(at: .zero), bucket.reserve(at: .zero)]
        bucket.empty(at: .zero)
        waits.append(bucket.reserve(at: .zero))
        #expect(waits == [.milliseconds(500), .seconds(1), .milliseconds(1500)])
    }

    @Test("A place that is given back is free for the next, and never makes the bucket larger")
    func giveBack() {
        var bucket = TokenBucket(Quota(rate: 1, burst: 2), at: .zero)
        bucket.giveBack()
        var waits = (1...3).map { _ in bucket.reserve(at: .zero) }
        bucket.giveBack()
        waits.append(bucket.reserve(at: .zero))
        #expect(waits == [.zero, .zero, .seconds(1), .seconds(1)])
    }

    @Test("Time that seems to run backwards gives nothing")
    func backwards() {
        var bucket = TokenBucket(Quota(rate: 1, burst: 1), at: .seconds(100))
        let waits = [bucket.reserve(at: .seconds(100)), bucket.reserve(at: .seconds(50)), bucket.reserve(at: .seconds(51))]
        #expect(waits == [.zero, .seconds(1), .seconds(1)])
    }
}
