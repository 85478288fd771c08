import ConnectWire

/// Tells the bot's own items from everybody else's.
///
/// The service echoes what a participant sends, perhaps before the call that sent it has answered, and does not say who the participant is. Until
/// its id is known, an item that could be the echo of a pending effect is held until that effect has its outcome.
struct EchoFilter: Sendable {
    /// What the echo of an effect looks like.
    enum Expectation: Hashable, Sendable {
        case message(ContentType, String)
        case attachment(name: String)

        fileprivate func fits(_ item: Item) -> Bool {
            switch self {
            case .message(let contentType, let content):
                item.type == .message && item.contentType == contentType && item.content == content
            case .attachment(let name):
                item.type == .attachment && (item.attachments ?? []).contains { $0.attachmentName == name }
            }
        }
    }

    /// What an effect became.
    enum OwnItem: Hashable, Sendable {
        case item(ItemID)
        case attachment(AttachmentID)

        fileprivate func isIn(_ item: Item) -> Bool {
            switch self {
            case .item(let id): item.id == id
            case .attachment(let id): (item.attachments ?? []).contains { $0.attachmentID == id }
            }
        }
    }

    /// More than this were never seen to wait; the oldest is then let through.
    private static let heldLimit = 64

    private(set) var ownID: ParticipantID?
    private var pending: [EffectID: Expectation] = [:]
    /// Sent, with an echo still to come.
    private var sent: [OwnItem] = []
    private var held: [Item] = []

    init(ownID: ParticipantID?) {
        self.ownID = ownID
    }

    /// Notes what an earlier run sent, and whose echo may still come.
    mutating func sent(_ own: OwnItem) {
        if ownID == nil { sent.append(own) }
    }

    mutating func expect(_ expectation: Expectation, from effect: EffectID) {
        if ownID == nil { pending[effect] = expectation }
    }

    /// - Returns: The items that can be told now, in order, each with whether it is the bot's own.
    mutating func arrived(_ item: Item) -> [(item: Item, isOwn: Bool)] {
        if let ownID { return [(item, item.participantID == ownID)] }
        if sent.contains(where: { $0.isIn(item) }) { return [(item, true)] + learn(item.participantID) }
        // Held items are followed by whatever comes after them, so that the order stays.
        if !held.isEmpty || pending.values.contains(where: { $0.fits(item) }) {
            held.append(item)
            return held.count > Self.heldLimit ? [(held.removeFirst(), false)] : []
        }
        return [(item, false)]
    }

    /// Notes what an effect became; nil when it failed, or became nothing that is echoed.
    mutating func resolved(_ effect: EffectID, as own: OwnItem?) -> [(item: Item, isOwn: Bool)] {
        pending[effect] = nil
        guard ownID == nil else { return [] }
        if let own {
            if let echo = held.first(where: { own.isIn($0) }) { return learn(echo.participantID) }
            sent.append(own)
        }
        return pending.isEmpty ? release() : []
    }

    private mutating func learn(_ id: ParticipantID?) -> [(item: Item, isOwn: Bool)] {
        ownID = id
        pending = [:]
        sent = []
        return release()
    }

    private mutating func release() -> [(item: Item, isOwn: Bool)] {
        defer { held = [] }
        return held.map { ($0, ownID != nil && $0.participantID == ownID) }
    }
}
