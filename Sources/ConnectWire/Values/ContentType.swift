/// The type of a message's or an event's content.
package struct ContentType: WireName {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static let plainText = Self(rawValue: "text/plain")
    package static let markdown = Self(rawValue: "text/markdown")
    package static let json = Self(rawValue: "application/json")
    package static let interactive = Self(rawValue: "application/vnd.amazonaws.connect.message.interactive")
    package static let interactiveResponse = Self(rawValue: "application/vnd.amazonaws.connect.message.interactive.response")

    /// What SendMessage takes (botocore model, ChatContentType).
    package static let messages = [plainText, markdown, json, interactive, interactiveResponse]
}

extension ContentType {
    private static let eventPrefix = "application/vnd.amazonaws.connect.event."

    /// An event's type by its short name, for example `participant.joined`.
    package static func event(_ name: String) -> Self {
        Self(rawValue: eventPrefix + name)
    }

    /// An event's short name; nil for anything but an event.
    package var eventName: String? {
        rawValue.hasPrefix(Self.eventPrefix) ? String(rawValue.dropFirst(Self.eventPrefix.count)) : nil
    }

    package static let typing = event("typing")
    package static let connectionAcknowledged = event("connection.acknowledged")
    package static let messageDelivered = event("message.delivered")
    package static let messageRead = event("message.read")
    package static let messageMetadata = event("message.metadata")
    package static let participantJoined = event("participant.joined")
    package static let participantLeft = event("participant.left")
    package static let participantInvited = event("participant.invited")
    package static let participantIdle = event("participant.idle")
    package static let participantReturned = event("participant.returned")
    package static let participantAutodisconnection = event("participant.autodisconnection")
    package static let transferSucceeded = event("transfer.succeeded")
    package static let transferFailed = event("transfer.failed")
    package static let chatEnded = event("chat.ended")
    package static let chatRehydrated = event("chat.rehydrated")

    /// What SendEvent takes from a participant (botocore model, SendEvent).
    package static let sendableEvents = [typing, connectionAcknowledged, messageDelivered, messageRead]
}
