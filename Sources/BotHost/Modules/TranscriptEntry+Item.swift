import ActionKit
import ConnectWire

extension TranscriptEntry {
    init(_ item: Item) {
        let kind: Kind =
            switch item.type {
            case .message: .message
            case .event: .event
            case .attachment: .attachment
            default: .other(item.type.rawValue)
            }
        self.init(
            id: item.id.rawValue,
            time: item.absoluteTime.date,
            kind: kind,
            role: item.participantRole?.rawValue,
            displayName: item.displayName,
            contentType: item.contentType?.rawValue,
            text: item.content,
            attachments: (item.attachments ?? []).map {
                Attachment(
                    id: $0.attachmentID?.rawValue ?? "",
                    name: $0.attachmentName ?? "",
                    contentType: $0.contentType?.rawValue ?? "",
                    status: $0.status?.rawValue
                )
            }
        )
    }
}
