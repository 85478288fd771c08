/// One entry of the transcript, as GetTranscript lists it and as a WebSocket frame carries it.
///
/// Only what every kind has is required; a receipt, for one, comes without contact and participant.
package struct Item: Hashable, Codable, Sendable {
    package var id: ItemID
    package var absoluteTime: Timestamp
    package var type: ItemType
    /// Absent on attachments.
    package var contentType: ContentType?
    /// Absent on attachments and on most events.
    package var content: String?
    package var participantID: ParticipantID?
    package var displayName: String?
    package var participantRole: ParticipantRole?
    package var attachments: [AttachmentItem]?
    package var messageMetadata: MessageMetadata?
    package var contactID: ContactID?
    /// On WebSocket items only; GetTranscript has it once for the whole answer.
    package var initialContactID: ContactID?
    /// In persistent chats, the earlier contact that the item is from.
    package var relatedContactID: ContactID?

    package init(
        id: ItemID,
        absoluteTime: Timestamp,
        type: ItemType,
        contentType: ContentType? = nil,
        content: String? = nil,
        participantID: ParticipantID? = nil,
        displayName: String? = nil,
        participantRole: ParticipantRole? = nil,
        attachments: [AttachmentItem]? = nil,
        messageMetadata: MessageMetadata? = nil,
        contactID: ContactID? = nil,
        initialContactID: ContactID? = nil,
        relatedContactID: ContactID? = nil
    ) {
        self.id = id
        self.absoluteTime = absoluteTime
        self.type = type
        self.contentType = contentType
        self.content = content
        self.participantID = participantID
        self.displayName = displayName
        self.participantRole = participantRole
        self.attachments = attachments
        self.messageMetadata = messageMetadata
        self.contactID = contactID
        self.initialContactID = initialContactID
        self.relatedContactID = relatedContactID
    }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case absoluteTime = "AbsoluteTime"
        case type = "Type"
        case contentType = "ContentType"
        case content = "Content"
        case participantID = "ParticipantId"
        case displayName = "DisplayName"
        case participantRole = "ParticipantRole"
        case attachments = "Attachments"
        case messageMetadata = "MessageMetadata"
        case contactID = "ContactId"
        case initialContactID = "InitialContactId"
        case relatedContactID = "RelatedContactId"
    }
}

/// The kind of an item.
package struct ItemType: WireName {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let message = Self(rawValue: "MESSAGE")
    package static let event = Self(rawValue: "EVENT")
    package static let attachment = Self(rawValue: "ATTACHMENT")
    /// A receipt. Not in the model's list, but what a WebSocket really carries.
    package static let messageMetadata = Self(rawValue: "MESSAGEMETADATA")
}

/// One file of an ATTACHMENT item.
package struct AttachmentItem: Hashable, Codable, Sendable {
    package var attachmentID: AttachmentID?
    package var attachmentName: String?
    package var contentType: ContentType?
    package var status: AttachmentStatus?

    package init(
        attachmentID: AttachmentID? = nil,
        attachmentName: String? = nil,
        contentType: ContentType? = nil,
        status: AttachmentStatus? = nil
    ) {
        self.attachmentID = attachmentID
        self.attachmentName = attachmentName
        self.contentType = contentType
        self.status = status
    }

    private enum CodingKeys: String, CodingKey {
        case attachmentID = "AttachmentId"
        case attachmentName = "AttachmentName"
        case contentType = "ContentType"
        case status = "Status"
    }
}

/// What the service's scanner made of a file.
package struct AttachmentStatus: WireName {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let approved = Self(rawValue: "APPROVED")
    package static let rejected = Self(rawValue: "REJECTED")
    package static let inProgress = Self(rawValue: "IN_PROGRESS")
}

/// The receipts of a message; as an item of its own (`MESSAGEMETADATA`) or within the message.
package struct MessageMetadata: Hashable, Codable, Sendable {
    package var messageID: ItemID?
    package var receipts: [Receipt]?
    /// Parts of one bot message share an id; the last part carries the whole text.
    package var chunkNumber: Int?
    package var messageCompleted: Bool?
    /// PROCESSING, FAILED or REJECTED, where the service processes messages.
    package var messageProcessingStatus: String?

    package init(
        messageID: ItemID? = nil,
        receipts: [Receipt]? = nil,
        chunkNumber: Int? = nil,
        messageCompleted: Bool? = nil,
        messageProcessingStatus: String? = nil
    ) {
        self.messageID = messageID
        self.receipts = receipts
        self.chunkNumber = chunkNumber
        self.messageCompleted = messageCompleted
        self.messageProcessingStatus = messageProcessingStatus
    }

    private enum CodingKeys: String, CodingKey {
        case messageID = "MessageId"
        case receipts = "Receipts"
        case chunkNumber = "ChunkNumber"
        case messageCompleted = "MessageCompleted"
        case messageProcessingStatus = "MessageProcessingStatus"
    }
}

/// Who received and read a message, and when.
package struct Receipt: Hashable, Codable, Sendable {
    package var deliveredTimestamp: Timestamp?
    package var readTimestamp: Timestamp?
    package var recipientParticipantID: ParticipantID?

    package init(deliveredTimestamp: Timestamp? = nil, readTimestamp: Timestamp? = nil, recipientParticipantID: ParticipantID? = nil) {
        self.deliveredTimestamp = deliveredTimestamp
        self.readTimestamp = readTimestamp
        self.recipientParticipantID = recipientParticipantID
    }

    private enum CodingKeys: String, CodingKey {
        case deliveredTimestamp = "DeliveredTimestamp"
        case readTimestamp = "ReadTimestamp"
        case recipientParticipantID = "RecipientParticipantId"
    }
}
