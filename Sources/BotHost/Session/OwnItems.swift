import ConnectWire

/// What is known of the bot's own part in a transcript.
struct OwnItems: Sendable {
    /// Nil until the service has shown it.
    var participant: ParticipantID?
    /// What effects are known to have become.
    var items: Set<ItemID>
    var attachments: Set<AttachmentID>

    func contains(_ item: Item) -> Bool {
        items.contains(item.id) || (item.attachments ?? []).contains { $0.attachmentID.map(attachments.contains) ?? false }
    }
}
