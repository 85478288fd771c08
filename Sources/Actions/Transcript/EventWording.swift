/// The service's events in words that follow a name: "Ada (customer) joined the chat".
enum EventWording {
    private static let prefix = "application/vnd.amazonaws.connect.event."

    /// An event that is not known keeps its own name, so that nothing is lost from the transcript.
    static func words(for contentType: String?) -> String {
        guard let contentType else { return "caused an event without a type" }
        let name = contentType.hasPrefix(prefix) ? String(contentType.dropFirst(prefix.count)) : contentType
        return known[name] ?? "caused the event \(name)"
    }

    private static let known = [
        "typing": "is typing",
        "participant.joined": "joined the chat",
        "participant.left": "left the chat",
        "participant.invited": "was invited to the chat",
        "participant.active": "became active",
        "participant.inactive": "became inactive",
        "participant.idle": "has been idle",
        "participant.returned": "returned",
        "participant.autodisconnection": "was disconnected after being idle",
        "participant.displayname.updated": "changed the display name",
        "transfer.succeeded": "transferred the chat",
        "transfer.failed": "could not transfer the chat",
        "chat.ended": "the chat ended",
        "chat.rehydrated": "the chat continues an earlier one",
        "connection.acknowledged": "is connected",
        "message.delivered": "received a message",
        "message.read": "read a message",
        "message.metadata": "received or read a message",
        "authentication.initiated": "was asked to sign in",
        "authentication.succeeded": "signed in",
        "authentication.failed": "could not sign in",
        "authentication.timeout": "did not sign in in time",
        "authentication.expired": "is no longer signed in",
        "authentication.cancelled": "cancelled signing in",
        "workflow.cancelled": "cancelled the workflow",
    ]
}
