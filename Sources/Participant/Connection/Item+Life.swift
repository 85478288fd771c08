package import ConnectWire

extension Item {
    /// Whether this contact's chat is over; the end of an earlier contact, in a persistent chat's history, is not this one's.
    package var endsChat: Bool { type == .event && contentType == .chatEnded && relatedContactID == nil }

    /// Not final: a part of a message that is being written, or a file that is being scanned. The same id comes again with the whole.
    var isProvisional: Bool {
        messageMetadata?.messageCompleted == false || (attachments ?? []).contains { $0.status == .inProgress }
    }
}

extension [Item] {
    /// Whether the chat has ended and was not taken up again.
    var endChat: Bool {
        guard let end = lastIndex(where: \.endsChat) else { return false }
        return !self[end...].contains { $0.type == .message || $0.type == .attachment || $0.contentType == .participantJoined }
    }
}
