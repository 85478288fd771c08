package import ConnectWire
package import FoundationEssentials
package import Participant

/// Names a session in the store: the endpoint with the participant's id, or with a keyed hash of its token where the id is not known.
package struct SessionID: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package var description: String { rawValue }
}

/// A session as the store has it.
package struct SessionRecord: Sendable {
    package let id: SessionID
    package let bot: String
    /// SHA-256 of the bot file it started with.
    package let definition: String
    package let endpoint: Endpoint
    /// The bot's own part in the contact.
    package let role: ParticipantRole
    package var participantID: ParticipantID?
    package var contactID: ContactID?
    package let attributes: [String: String]
    package let participantToken: ParticipantToken
    package var credentials: ConnectionCredentials?
    /// Whether it was ever connected: then what the transcript has is news, not history.
    package var hasConnected: Bool
    package var dialogue: DialogueState
    package let createdAt: Date
}

/// The text of a bot file that sessions started with.
package struct DefinitionRecord: Sendable, Hashable {
    package let sha256: String
    package let path: String
    package let source: String
}

/// All that one turn changes. It is stored whole or not at all.
package struct TurnRecord: Sendable {
    package let session: SessionID
    package var dialogue: DialogueState
    package var seen: [SeenItem] = []
    package var participantID: ParticipantID?
    package var contactID: ContactID?
    package var hasConnected = false
    package var finished: [FinishedEffect] = []
    package var effects: [OutboxEffect] = []
    package var uploads: [PlannedUpload] = []
    /// Files that the turn's outcome brought; they are in the spool already.
    package var files: [UploadFile] = []

    package struct SeenItem: Sendable {
        package var id: ItemID
        package var time: Timestamp
    }

    package struct FinishedEffect: Sendable {
        package var id: EffectID
        /// The item that the effect became, where it became one.
        package var item: ItemID?
    }

    package struct PlannedUpload: Sendable {
        package var effect: EffectID
        package var upload: Upload
    }
}
