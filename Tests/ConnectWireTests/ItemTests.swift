import ConnectWire
import Testing

@Suite("Items")
struct ItemTests {
    @Test("A message")
    func message() throws {
        let item = try decode(Item.self, Samples.message)
        #expect(
            item
                == Item(
                    id: "m-1",
                    absoluteTime: try #require(Timestamp("2024-07-14T22:18:39.241Z")),
                    type: .message,
                    contentType: .plainText,
                    content: "Test",
                    participantID: "p-1",
                    displayName: "Customer",
                    participantRole: .customer,
                    contactID: "c-1",
                    initialContactID: "c-1"
                )
        )
    }

    @Test("An event has a type and no content")
    func event() throws {
        let item = try decode(Item.self, Samples.event)
        #expect(item.type == .event)
        #expect(item.contentType == .participantJoined)
        #expect(item.contentType?.eventName == "participant.joined")
        #expect(item.content == nil)
        #expect(item.participantRole == .agent)
    }

    @Test("An attachment has neither content nor a content type of its own")
    func attachment() throws {
        let item = try decode(Item.self, Samples.attachment)
        #expect(item.type == .attachment)
        #expect(item.contentType == nil)
        #expect(
            item.attachments == [
                AttachmentItem(
                    attachmentID: "a-1",
                    attachmentName: "x.png",
                    contentType: ContentType(rawValue: "image/png"),
                    status: .approved
                )
            ]
        )
    }

    @Test("A receipt comes without contact and participant")
    func receipt() throws {
        let item = try decode(Item.self, Samples.receipt)
        #expect(item.type == .messageMetadata)
        #expect(item.contactID == nil)
        let time = try #require(Timestamp("2024-07-14T23:41:28.735Z"))
        #expect(item.messageMetadata?.messageID == "m-1")
        #expect(
            item.messageMetadata?.receipts == [Receipt(deliveredTimestamp: time, readTimestamp: time, recipientParticipantID: "p-2")]
        )
    }

    @Test("A part of a message says so")
    func part() throws {
        let item = try decode(Item.self, Samples.part)
        #expect(item.messageMetadata?.chunkNumber == 1)
        #expect(item.messageMetadata?.messageCompleted == false)
    }

    @Test("Kinds, roles and states that nobody knows yet are kept as they came")
    func unknownKind() throws {
        let item = try decode(Item.self, Samples.unknownKind)
        #expect(item.type == ItemType(rawValue: "HOLOGRAM"))
        #expect(item.participantRole == ParticipantRole(rawValue: "ROBOT"))
        #expect(item.attachments?.first?.status == AttachmentStatus(rawValue: "PONDERING"))
        #expect(try json(item).contains(#""Type":"HOLOGRAM""#))
    }

    @Test("Every kind survives being written and read", arguments: Samples.all)
    func roundTrips(text: String) throws {
        let item = try decode(Item.self, text)
        #expect(try decode(Item.self, try item.json()) == item)
    }

    @Test("An item is written with the service's names and without members that are absent")
    func golden() throws {
        #expect(
            try decode(Item.self, Samples.message).json()
                == #"{"AbsoluteTime":"2024-07-14T22:18:39.241Z","ContactId":"c-1","Content":"Test","ContentType":"text/plain","#
                + #""DisplayName":"Customer","Id":"m-1","InitialContactId":"c-1","ParticipantId":"p-1","ParticipantRole":"CUSTOMER","#
                + #""Type":"MESSAGE"}"#
        )
        let metadata = MessageMetadata(
            messageID: "m",
            receipts: [],
            chunkNumber: 2,
            messageCompleted: true,
            messageProcessingStatus: "FAILED"
        )
        #expect(
            try json(metadata)
                == #"{"ChunkNumber":2,"MessageCompleted":true,"MessageId":"m","MessageProcessingStatus":"FAILED","Receipts":[]}"#
        )
    }

    @Test(
        "Without id, time or type there is no item",
        arguments: [
            "{}", "[]", "null", "7", "\"MESSAGE\"",
            #"{"AbsoluteTime":"2024-07-14T22:18:39.241Z","Type":"MESSAGE"}"#,
            #"{"Id":"1","Type":"MESSAGE"}"#,
            #"{"Id":"1","AbsoluteTime":"2024-07-14T22:18:39.241Z"}"#,
            #"{"Id":1,"AbsoluteTime":"2024-07-14T22:18:39.241Z","Type":"MESSAGE"}"#,
            #"{"Id":"1","AbsoluteTime":"soon","Type":"MESSAGE"}"#,
            #"{"Id":"1","AbsoluteTime":1720995519,"Type":"MESSAGE"}"#,
            #"{"Id":"1","AbsoluteTime":"2024-07-14T22:18:39.241Z","Type":null}"#,
        ]
    )
    func incomplete(text: String) {
        #expect(throws: DecodingError.self) { try decode(Item.self, text) }
    }
}
