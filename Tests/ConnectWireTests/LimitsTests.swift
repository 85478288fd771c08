import ConnectWire
import Testing

@Suite("Documented limits")
struct LimitsTests {
    @Test(
        "How long a message may be",
        arguments: [
            (ContentType.plainText, 1024), (.markdown, 1024), (.json, 12_000), (.interactiveResponse, 12_288), (.interactive, 16_384),
            (ContentType(rawValue: "text/x"), 16_384),
        ]
    )
    func messages(contentType: ContentType, length: Int) {
        #expect(MessageLimits.maximumLength(of: contentType) == length)
    }

    @Test(
        "How often an operation may be called",
        arguments: [
            (Operation.createParticipantConnection, 6.0, 9), (.disconnectParticipant, 3, 5), (.getTranscript, 8, 12),
            (.sendMessage, 10, 15),
            (.sendEvent, 10, 15), (.startAttachmentUpload, 2, 5), (.completeAttachmentUpload, 2, 5), (.getAttachment, 8, 12),
            (.describeView, 2, 5), (.getAuthenticationUrl, 2, 5), (.cancelParticipantAuthentication, 2, 5),
        ]
    )
    func quotas(operation: Operation, rate: Double, burst: Int) {
        #expect(operation.quotaGroup.documented == Quota(rate: rate, burst: burst))
    }

    @Test("Messages and events are counted together")
    func sharedQuota() {
        #expect(Operation.sendMessage.quotaGroup == Operation.sendEvent.quotaGroup)
        #expect(Operation.getTranscript.quotaGroup != Operation.getAttachment.quotaGroup)
    }

    @Test("An event's type has a short name, other types have none")
    func eventNames() {
        #expect(ContentType.typing.rawValue == "application/vnd.amazonaws.connect.event.typing")
        #expect(ContentType.event("chat.ended") == .chatEnded)
        #expect(ContentType.chatEnded.eventName == "chat.ended")
        #expect(ContentType.plainText.eventName == nil)
        #expect(ContentType.interactive.eventName == nil)
    }
}
