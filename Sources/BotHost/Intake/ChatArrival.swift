package import ConnectWire

/// A chat that a bot is asked to join: what `POST /v1/chats` carries.
package struct ChatArrival: Sendable, Codable {
    package var bot: String
    package var contactID: ContactID?
    package var participantID: ParticipantID?
    package var participantToken: ParticipantToken
    package var attributes: [String: String]?
    /// The bot's own part; CUSTOM_BOT where absent.
    package var role: ParticipantRole?

    package init(
        bot: String,
        contactID: ContactID? = nil,
        participantID: ParticipantID? = nil,
        participantToken: ParticipantToken,
        attributes: [String: String]? = nil,
        role: ParticipantRole? = nil
    ) {
        self.bot = bot
        self.contactID = contactID
        self.participantID = participantID
        self.participantToken = participantToken
        self.attributes = attributes
        self.role = role
    }

    private enum CodingKeys: String, CodingKey {
        case bot
        case contactID = "contactId"
        case participantID = "participantId"
        case participantToken
        case attributes
        case role
    }
}
