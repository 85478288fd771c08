package import ConnectWire

/// A chat that wants a bot: what a flow's Lambda hands to the host in production.
package struct ChatArrival: Sendable {
    package var bot: String
    package var contactID: ContactID
    package var participantID: ParticipantID
    package var participantToken: ParticipantToken
    package var attributes: [String: String]
    /// Until when the bot must have connected.
    package var connectBy: Timestamp
}

/// Hands a chat to whoever hosts the bot; it throws while that is not possible. A ``DeliveryRefused`` is not tried again.
package typealias ChatDelivery = @Sendable (ChatArrival) async throws -> Void

/// The host will never take this chat.
package struct DeliveryRefused: Error, CustomStringConvertible {
    package var description: String

    package init(_ description: String) {
        self.description = description
    }
}

/// A chat whose bot could not be reached, for the operator to see.
struct UndeliveredArrival: Encodable, Sendable {
    let bot: String
    let contactID: ContactID
    let participantID: ParticipantID
    let attempts: Int
    let reason: String
    let isGivenUp: Bool

    private enum CodingKeys: String, CodingKey {
        case bot
        case contactID = "contactId"
        case participantID = "participantId"
        case attempts
        case reason
        case isGivenUp = "givenUp"
    }
}
