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

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        bot = try container.decode(String.self, forKey: .bot)
        contactID = try container.decodeIfPresent(ContactID.self, forKey: .contactID)
        participantID = try container.decodeIfPresent(ParticipantID.self, forKey: .participantID)
        participantToken = try container.decode(ParticipantToken.self, forKey: .participantToken)
        // An attribute that is null is none.
        attributes = try container.decodeIfPresent([String: String?].self, forKey: .attributes)?.compactMapValues(\.self)
        role = try container.decodeIfPresent(ParticipantRole.self, forKey: .role)
    }
}
