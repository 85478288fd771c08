import ConnectWire

extension ChatItem {
    /// The item as a dialogue sees it; nil for receipts and for kinds that this program does not know.
    init?(_ item: Item) {
        let kind: Kind
        switch item.type {
        case .message:
            // A part of a message that is still being written; the whole comes with the last part.
            if item.messageMetadata?.messageCompleted == false { return nil }
            guard let content = item.content else { return nil }
            kind = .message(item.contentType ?? .plainText, content)
        case .attachment:
            kind = .attachment(
                (item.attachments ?? []).map {
                    Attachment(id: $0.attachmentID, name: $0.attachmentName, type: $0.contentType, status: $0.status)
                }
            )
        case .event:
            guard let contentType = item.contentType else { return nil }
            kind = .event(contentType)
        default:
            return nil
        }
        self.init(
            id: item.id,
            role: item.participantRole ?? ParticipantRole(rawValue: ""),
            kind: kind,
            displayName: item.displayName,
            contact: item.contactID,
            time: item.absoluteTime.date
        )
    }
}
