import ConnectWire

/// Somebody in a contact.
struct Participant: Codable, Sendable {
    let id: ParticipantID
    let contactID: ContactID
    let role: ParticipantRole
    let displayName: String
    var presence: Presence

    enum Presence: Codable, Hashable, Sendable {
        /// Has a token and must create a connection in time.
        case expected(until: Timestamp)
        /// Has a connection, but neither opened a WebSocket nor asked to be connected without one.
        case connected
        /// Active: the others see it.
        case joined
        case left
    }

    var hasLeft: Bool { presence == .left }
    var isActive: Bool { presence == .joined }
}
