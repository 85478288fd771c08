package import ConnectWire

/// How often each API may be called.
package enum Quotas: Sendable {
    case documented
    case off
    /// By API, with the documented quota for those that are not named; nil lifts a quota.
    case custom([QuotaName: Quota?])

    package func quota(for name: QuotaName) -> Quota? {
        switch self {
        case .documented: name.documented
        case .off: nil
        case .custom(let quotas): quotas[name] ?? name.documented
        }
    }
}

/// APIs that are counted together, in both planes.
package struct QuotaName: Hashable, Sendable {
    let rawValue: String
    let documented: Quota

    package init(_ group: QuotaGroup) {
        rawValue = group.rawValue
        documented = group.documented
    }

    private init(_ rawValue: String, rate: Double, burst: Int) {
        self.rawValue = rawValue
        documented = Quota(rate: rate, burst: burst)
    }

    // The control plane (admin guide, service limits, 2023).
    static let startChatContact = Self("StartChatContact", rate: 5, burst: 8)
    static let createParticipant = Self("CreateParticipant", rate: 2, burst: 5)
    static let stopContact = Self("StopContact", rate: 2, burst: 5)

    static let all = QuotaGroup.allCases.map(Self.init) + [startChatContact, createParticipant, stopContact]

    /// By its own name, or by that of one of its APIs.
    init?(named name: String) {
        if let known = Self.all.first(where: { $0.rawValue == name }) {
            self = known
        } else if let operation = Operation(rawValue: name) {
            self.init(operation.quotaGroup)
        } else {
            return nil
        }
    }
}
