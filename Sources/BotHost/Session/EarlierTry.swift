import ConnectWire
import Participant

/// Looks in the transcript for what became of an effect whose answer was lost.
///
/// Only what comes after the last own item that is known can be it: effects are performed one after the other. What the dialogue was told of is
/// somebody else's.
struct EarlierTry {
    let session: SessionID
    let store: Store
    let connection: ParticipantConnection
    /// The bot's own part in the contact.
    let role: ParticipantRole

    /// As many as catching up reads.
    private static let limit = 5000

    /// The oldest own message of this type and content that is no other effect.
    func message(like request: SendMessageRequest) async throws -> ItemID? {
        try await ownItems().first {
            $0.type == .message && $0.contentType == request.contentType && $0.content == request.content
        }?.id
    }

    /// Whether the bot has left, and has not come back since.
    func hasLeft() async throws -> Bool {
        try await ownItems().last { $0.contentType == .participantLeft || $0.contentType == .participantJoined }?.contentType
            == .participantLeft
    }

    /// The bot's items that no effect is known to have become, in the order of the transcript.
    private func ownItems() async throws -> [Item] {
        var own = try await store.ownItems(of: session)
        let told = try await store.seenItems(of: session)
        let items = try await TranscriptReader(connection).items(limit: Self.limit) { item in
            guard own.contains(item) else { return false }
            own.participant = own.participant ?? item.participantID
            return true
        }
        let untold = items.filter { !told.contains($0) }
        guard let participant = own.participant ?? onlyParticipant(in: untold) else { return [] }
        return untold.filter { $0.participantID == participant }
    }

    /// Whose id is not known has spoken only where a single participant of its role has: where there are several, to send once more is better than to
    /// take what another said for one's own.
    private func onlyParticipant(in items: [Item]) -> ParticipantID? {
        let speakers = items.filter { $0.participantRole == role && ($0.type == .message || $0.type == .attachment) }.map(\.participantID)
        return Set(speakers).count == 1 ? speakers[0] : nil
    }
}
