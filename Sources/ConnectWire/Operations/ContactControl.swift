/// Starts a chat as its customer (control plane, SigV4).
package struct StartChatContactRequest: Hashable, Codable, Sendable {
    package var instanceID: InstanceID
    package var contactFlowID: ContactFlowID
    package var participantDetails: ParticipantDetails
    package var attributes: [String: String]?
    package var initialMessage: ChatMessage?
    package var clientToken: ClientToken?
    /// 60 to 10,080; 25 hours where absent.
    package var chatDurationInMinutes: Int?
    /// Must contain text/plain where present.
    package var supportedMessagingContentTypes: [String]?
    package var persistentChat: PersistentChat?
    package var relatedContactID: ContactID?

    package init(
        instanceID: InstanceID,
        contactFlowID: ContactFlowID,
        participantDetails: ParticipantDetails,
        attributes: [String: String]? = nil,
        initialMessage: ChatMessage? = nil,
        clientToken: ClientToken? = nil,
        chatDurationInMinutes: Int? = nil,
        supportedMessagingContentTypes: [String]? = nil,
        persistentChat: PersistentChat? = nil,
        relatedContactID: ContactID? = nil
    ) {
        self.instanceID = instanceID
        self.contactFlowID = contactFlowID
        self.participantDetails = participantDetails
        self.attributes = attributes
        self.initialMessage = initialMessage
        self.clientToken = clientToken
        self.chatDurationInMinutes = chatDurationInMinutes
        self.supportedMessagingContentTypes = supportedMessagingContentTypes
        self.persistentChat = persistentChat
        self.relatedContactID = relatedContactID
    }

    private enum CodingKeys: String, CodingKey {
        case instanceID = "InstanceId"
        case contactFlowID = "ContactFlowId"
        case participantDetails = "ParticipantDetails"
        case attributes = "Attributes"
        case initialMessage = "InitialMessage"
        case clientToken = "ClientToken"
        case chatDurationInMinutes = "ChatDurationInMinutes"
        case supportedMessagingContentTypes = "SupportedMessagingContentTypes"
        case persistentChat = "PersistentChat"
        case relatedContactID = "RelatedContactId"
    }
}

package struct StartChatContactResponse: Hashable, Codable, Sendable {
    package var contactID: ContactID
    package var participantID: ParticipantID
    package var participantToken: ParticipantToken
    package var continuedFromContactID: ContactID?

    package init(
        contactID: ContactID,
        participantID: ParticipantID,
        participantToken: ParticipantToken,
        continuedFromContactID: ContactID? = nil
    ) {
        self.contactID = contactID
        self.participantID = participantID
        self.participantToken = participantToken
        self.continuedFromContactID = continuedFromContactID
    }

    private enum CodingKeys: String, CodingKey {
        case contactID = "ContactId"
        case participantID = "ParticipantId"
        case participantToken = "ParticipantToken"
        case continuedFromContactID = "ContinuedFromContactId"
    }
}

package struct ParticipantDetails: Hashable, Codable, Sendable {
    /// 1 to 256 characters.
    package var displayName: String
    /// In CreateParticipant only, where CUSTOM_BOT is the one valid role.
    package var participantRole: ParticipantRole?

    package init(displayName: String, participantRole: ParticipantRole? = nil) {
        self.displayName = displayName
        self.participantRole = participantRole
    }

    private enum CodingKeys: String, CodingKey {
        case displayName = "DisplayName"
        case participantRole = "ParticipantRole"
    }
}

package struct ChatMessage: Hashable, Codable, Sendable {
    package var contentType: ContentType
    package var content: String

    package init(contentType: ContentType, content: String) {
        self.contentType = contentType
        self.content = content
    }

    private enum CodingKeys: String, CodingKey {
        case contentType = "ContentType"
        case content = "Content"
    }
}

package struct PersistentChat: Hashable, Codable, Sendable {
    package var rehydrationType: String?
    package var sourceContactID: ContactID?

    package init(rehydrationType: String? = nil, sourceContactID: ContactID? = nil) {
        self.rehydrationType = rehydrationType
        self.sourceContactID = sourceContactID
    }

    private enum CodingKeys: String, CodingKey {
        case rehydrationType = "RehydrationType"
        case sourceContactID = "SourceContactId"
    }
}

/// Adds a custom participant to a chat (control plane). It must connect within 15 s.
package struct CreateParticipantRequest: Hashable, Codable, Sendable {
    package var instanceID: InstanceID
    package var contactID: ContactID
    package var clientToken: ClientToken?
    package var participantDetails: ParticipantDetails

    package init(
        instanceID: InstanceID,
        contactID: ContactID,
        clientToken: ClientToken? = nil,
        participantDetails: ParticipantDetails
    ) {
        self.instanceID = instanceID
        self.contactID = contactID
        self.clientToken = clientToken
        self.participantDetails = participantDetails
    }

    private enum CodingKeys: String, CodingKey {
        case instanceID = "InstanceId"
        case contactID = "ContactId"
        case clientToken = "ClientToken"
        case participantDetails = "ParticipantDetails"
    }
}

package struct CreateParticipantResponse: Hashable, Codable, Sendable {
    package var participantCredentials: ParticipantTokenCredentials
    package var participantID: ParticipantID

    package init(participantCredentials: ParticipantTokenCredentials, participantID: ParticipantID) {
        self.participantCredentials = participantCredentials
        self.participantID = participantID
    }

    private enum CodingKeys: String, CodingKey {
        case participantCredentials = "ParticipantCredentials"
        case participantID = "ParticipantId"
    }
}

package struct ParticipantTokenCredentials: Hashable, Codable, Sendable {
    package var participantToken: ParticipantToken
    package var expiry: Timestamp?

    package init(participantToken: ParticipantToken, expiry: Timestamp? = nil) {
        self.participantToken = participantToken
        self.expiry = expiry
    }

    private enum CodingKeys: String, CodingKey {
        case participantToken = "ParticipantToken"
        case expiry = "Expiry"
    }
}

/// Ends a chat (control plane).
package struct StopContactRequest: Hashable, Codable, Sendable {
    package var instanceID: InstanceID
    package var contactID: ContactID

    package init(instanceID: InstanceID, contactID: ContactID) {
        self.instanceID = instanceID
        self.contactID = contactID
    }

    private enum CodingKeys: String, CodingKey {
        case instanceID = "InstanceId"
        case contactID = "ContactId"
    }
}
