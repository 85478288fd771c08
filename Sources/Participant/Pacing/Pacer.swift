package import ConnectWire
import Synchronization

/// Keeps all calls to one service within its quotas, so that a burst waits instead of being refused.
///
/// Who waits, waits in the order of coming. The waiting is bounded by the number of sessions, since each has one call of a kind under way.
package final class Pacer: Sendable {
    private let quotas: [QuotaGroup: Quota]
    private let buckets = Mutex<[QuotaGroup: TokenBucket]>([:])

    /// - Parameter quotas: Groups that are missing are not paced.
    package init(quotas: [QuotaGroup: Quota]) {
        self.quotas = quotas
    }

    package static var documented: Pacer {
        Pacer(quotas: Dictionary(uniqueKeysWithValues: QuotaGroup.allCases.map { ($0, $0.documented) }))
    }

    package static var off: Pacer { Pacer(quotas: [:]) }

    /// - Returns: How long to wait before calling.
    package func reserve(_ group: QuotaGroup, at uptime: Duration) -> Duration {
        guard let quota = quotas[group] else { return .zero }
        return buckets.withLock { $0[group, default: TokenBucket(quota, at: uptime)].reserve(at: uptime) }
    }

    /// Says that a call for which a place was reserved will not be made.
    package func giveBack(_ group: QuotaGroup) {
        buckets.withLock { $0[group]?.giveBack() }
    }

    /// Says that the service throttled a call of this group.
    package func slowDown(_ group: QuotaGroup, at uptime: Duration) {
        guard let quota = quotas[group] else { return }
        buckets.withLock { $0[group, default: TokenBucket(quota, at: uptime)].empty(at: uptime) }
    }
}
