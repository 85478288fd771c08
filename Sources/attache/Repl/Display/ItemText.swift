import ActionKit
import ConnectWire

/// An item's content as text for people: what was said, sent or done.
struct ItemText {
    let item: Item

    init(_ item: Item) {
        self.item = item
    }

    /// With who it is by.
    var text: String {
        let who = item.displayName ?? item.participantRole?.rawValue ?? ""
        return who.isEmpty ? what : "\(who): \(what)"
    }

    var what: String {
        switch item.type {
        case .message where item.contentType == .interactive: choices ?? item.content ?? ""
        case .message: item.content ?? ""
        case .attachment:
            (item.attachments ?? []).map { "[\($0.attachmentName ?? "?"), \($0.status?.rawValue ?? "?")]" }.joined(separator: " ")
        case .messageMetadata: "(\(receipts))"
        default: "(\(item.contentType?.eventName ?? item.type.rawValue))"
        }
    }

    /// The question of an interactive message, with its choices.
    private var choices: String? {
        guard let content = InteractiveContent(item) else { return nil }
        return "\(content.title) [\(content.options.joined(separator: " | "))]"
    }

    /// Of a receipt: what became of its message.
    var receipts: String {
        let receipts = item.messageMetadata?.receipts ?? []
        return receipts.contains { $0.readTimestamp != nil } ? "read" : "delivered"
    }
}

/// The question and the choices of an interactive message.
struct InteractiveContent {
    let title: String
    let options: [String]

    /// Nil where the item is none.
    init?(_ item: Item) {
        guard item.contentType == .interactive, let content = (try? JSON(mending: item.content ?? ""))?["data"]?["content"],
            let title = content["title"]?.stringValue
        else { return nil }
        self.title = title
        options = (content["elements"]?.arrayValue ?? []).compactMap { $0["title"]?.stringValue }
    }
}
