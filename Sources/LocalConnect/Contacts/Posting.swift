import ConnectWire
import Transport

/// What an item says, before it has an id, a time and an author.
struct ItemDraft {
    var type: ItemType
    var contentType: ContentType?
    var content: String?
    var attachments: [AttachmentItem]?
    var messageMetadata: MessageMetadata?

    init(event contentType: ContentType, content: String? = nil) {
        type = .event
        self.contentType = contentType
        self.content = content
    }

    init(message content: String, contentType: ContentType) {
        type = .message
        self.contentType = contentType
        self.content = content
    }

    init(attachment: AttachmentItem) {
        type = .attachment
        attachments = [attachment]
    }

    init(receipts: MessageMetadata) {
        type = .messageMetadata
        contentType = .messageMetadata
        messageMetadata = receipts
    }
}

enum Author {
    case participant(Participant)
    /// The service itself.
    case service
}

extension ServiceState {
    /// Keeps the item and pushes it to everybody, its author's sockets included.
    @discardableResult
    mutating func post(_ draft: ItemDraft, by author: Author, in contact: Contact, at now: Timestamp) -> Item {
        let item = makeItem(draft, by: author, in: contact, at: now)
        append(item, to: contact.id)
        push(item, in: contact.id)
        return item
    }

    /// Every item says who and where: the official clients drop those that do not.
    mutating func makeItem(_ draft: ItemDraft, by author: Author, in contact: Contact, at now: Timestamp) -> Item {
        var item = Item(id: ItemID(random.uuid()), absoluteTime: nextTime(in: contact.id, at: now), type: draft.type)
        item.contentType = draft.contentType
        item.content = draft.content
        item.attachments = draft.attachments
        item.messageMetadata = draft.messageMetadata
        item.contactID = contact.id
        item.initialContactID = contact.initialContactID
        switch author {
        case .participant(let participant):
            item.participantID = participant.id
            item.displayName = participant.displayName
            item.participantRole = participant.role
        case .service:
            item.participantID = contact.systemID
            item.displayName = "SYSTEM_MESSAGE"
            item.participantRole = .system
        }
        return item
    }

    /// Sends the item to the subscribed sockets of the contact.
    mutating func push(_ item: Item, in contact: ContactID, except participant: ParticipantID? = nil) {
        let receivers = socketsOfContact[contact, default: []].filter { id in
            sockets[id].map { $0.isSubscribed && $0.participantID != participant } ?? false
        }
        let byRole = Dictionary(grouping: receivers) { sockets[$0].flatMap { participants[$0.participantID]?.role } ?? .system }
        for (role, receivers) in byRole.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            let frame = Push.frame(.item(item), to: receivers)
            switch faults.strikeFrame(in: contact, to: role) {
            case .duplicateFrames?: effects.pushes += [frame, frame]
            case .malformFrames?: effects.pushes.append(.text(Self.half(of: item), to: receivers))
            case .reorderFrames?:
                lateFrames.append(LateFrame(item: item, receivers: receivers))
                schedule(.lateFramesAreDue, at: item.absoluteTime + .milliseconds(500))
            default: effects.pushes.append(frame)
            }
        }
    }

    /// Pushes what a fault held back.
    mutating func pushLateFrames() {
        for frame in lateFrames { effects.pushes.append(.frame(.item(frame.item), to: frame.receivers)) }
        lateFrames = []
    }

    private static func half(of item: Item) -> String {
        let text = (try? ServerFrame.item(item).text()) ?? ""
        return String(text.prefix(text.count / 2))
    }

    mutating func close(_ ids: [SocketID], _ code: WebSocketCloseCode, reason: String) {
        for id in ids { forgetSocket(id) }
        if !ids.isEmpty { effects.pushes.append(.close(ids, code, reason: reason)) }
    }

    mutating func forgetSocket(_ id: SocketID) {
        guard let socket = sockets.removeValue(forKey: id) else { return }
        socketsOfContact[socket.contactID]?.removeAll { $0 == id }
        if socketsOfContact[socket.contactID]?.isEmpty == true { socketsOfContact[socket.contactID] = nil }
    }
}
