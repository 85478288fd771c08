import ConnectWire

/// What was in the chat before the bot came.
struct History {
    let items: [Item]

    /// The customer's messages that nobody has answered: those after the last message of an agent or a bot. A prompt of the flow is no answer.
    var unanswered: [Item] {
        let lastAnswer = items.lastIndex { item in
            (item.type == .message || item.type == .attachment) && item.participantRole != .customer && item.participantRole != .system
        }
        let rest = lastAnswer.map { items[($0 + 1)...] } ?? items[...]
        return rest.filter { $0.participantRole == .customer && ($0.type == .message || $0.type == .attachment) }
    }

    var customerName: String? {
        items.last { $0.participantRole == .customer && $0.displayName != nil }?.displayName
    }

    var contactID: ContactID? {
        items.lazy.compactMap(\.contactID).first
    }
}
