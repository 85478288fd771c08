package import ConnectWire
package import FoundationEssentials

/// An effect of a committed turn, as the outbox keeps it until it is known to be done.
package struct OutboxEffect: Sendable {
    package let id: EffectID
    package let kind: Kind
    package let place: Place
    /// Made in the turn's transaction, so that every try carries the same one, also after a restart.
    package let clientToken: ClientToken
    package let decidedAt: Date
    /// Whether it was read from the store, so that an earlier run of the host may have tried it.
    package let isOfEarlierRun: Bool

    package enum Kind: Codable, Sendable {
        case message(type: ContentType, text: String)
        case attach(upload: String)
        case leave
        case call(ActionCall)
    }

    /// The seconds that a call has, where its step says so.
    var limit: TimeInterval? {
        guard case .call(let call) = kind else { return nil }
        return call.deadline?.timeIntervalSince(decidedAt)
    }

    /// What its row holds whole.
    package struct Body: Codable {
        var kind: Kind
        var place: Place
    }

    init(id: EffectID, kind: Kind, place: Place, clientToken: ClientToken = .random(), decidedAt: Date, isOfEarlierRun: Bool = false) {
        self.id = id
        self.kind = kind
        self.place = place
        self.clientToken = clientToken
        self.decidedAt = decidedAt
        self.isOfEarlierRun = isOfEarlierRun
    }
}
