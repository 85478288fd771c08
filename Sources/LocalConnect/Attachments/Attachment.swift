import ConnectWire

/// One file of a contact.
struct Attachment: Codable, Sendable {
    let id: AttachmentID
    let contactID: ContactID
    let ownerID: ParticipantID
    let name: String
    let contentType: String
    /// Bytes, as announced; the object has exactly as many.
    let size: Int64
    /// When its upload URL was signed.
    let startedAt: Timestamp
    var stage: Stage
    /// The latest whole upload; from the completion on, the one that counts.
    var object: ObjectID?

    enum Stage: Codable, Hashable, Sendable {
        /// No object yet.
        case started
        case stored
        /// Completed, and with the scanner.
        case scanning(AttachmentStatus)
        case approved
        case rejected
    }

    /// Whether it counts as an attachment of the contact.
    var isCompleted: Bool {
        switch stage {
        case .started, .stored: false
        case .scanning, .approved, .rejected: true
        }
    }

    func item(status: AttachmentStatus) -> AttachmentItem {
        AttachmentItem(attachmentID: id, attachmentName: name, contentType: ContentType(rawValue: contentType), status: status)
    }
}
