import ConnectWire

/// One chat.
struct Contact: Codable, Sendable {
    let id: ContactID
    let instanceID: InstanceID
    /// The first of the chain of persistent chats that this one belongs to; itself, otherwise.
    let initialContactID: ContactID
    /// The contact that a persistent chat continues.
    let previousContactID: ContactID?
    let flowID: ContactFlowID
    let attributes: [String: String]
    /// What messages may be; nil for everything that SendMessage takes.
    let contentTypes: [ContentType]?
    let startedAt: Timestamp
    /// When the chat's duration is over.
    let endsAt: Timestamp
    /// Who speaks for the service itself.
    let systemID: ParticipantID
    var endedAt: Timestamp?

    /// What the admin API prepared.
    var views: [String: View] = [:]
    var authenticationSessions: Set<String> = []
    /// Verdicts for the next files, the first first; then the rules decide again.
    var scanVerdicts: [AttachmentStatus] = []

    var isEnded: Bool { endedAt != nil }
}
