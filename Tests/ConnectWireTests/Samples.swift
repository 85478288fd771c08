import ConnectWire

/// Items as the service was seen to send them (reference, 1.5).
enum Samples {
    static let message = """
        {"AbsoluteTime":"2024-07-14T22:18:39.241Z","Content":"Test","ContentType":"text/plain","Id":"m-1","Type":"MESSAGE",\
        "ParticipantId":"p-1","DisplayName":"Customer","ParticipantRole":"CUSTOMER","InitialContactId":"c-1","ContactId":"c-1"}
        """
    static let event = """
        {"AbsoluteTime":"2024-07-14T22:18:40.000Z","ContentType":"application/vnd.amazonaws.connect.event.participant.joined","Id":"e-1",\
        "Type":"EVENT","ParticipantId":"p-2","DisplayName":"Ann","ParticipantRole":"AGENT","InitialContactId":"c-1","ContactId":"c-1"}
        """
    static let attachment = """
        {"AbsoluteTime":"2025-05-24T21:42:55.867Z","Attachments":[{"ContentType":"image/png","AttachmentId":"a-1","AttachmentName":"x.png",\
        "Status":"APPROVED"}],"Id":"i-1","Type":"ATTACHMENT","ParticipantId":"p-1","DisplayName":"Spencer","ParticipantRole":"CUSTOMER",\
        "InitialContactId":"c-1","ContactId":"c-1"}
        """
    static let receipt = """
        {"AbsoluteTime":"2024-07-14T23:41:28.821Z","ContentType":"application/vnd.amazonaws.connect.event.message.metadata","Id":"r-1",\
        "Type":"MESSAGEMETADATA","MessageMetadata":{"MessageId":"m-1","Receipts":[{"DeliveredTimestamp":"2024-07-14T23:41:28.735Z",\
        "ReadTimestamp":"2024-07-14T23:41:28.735Z","RecipientParticipantId":"p-2"}]}}
        """
    static let part = """
        {"AbsoluteTime":"2025-07-14T22:18:39.241Z","Content":"Once upon","ContentType":"text/plain","Id":"m-2","Type":"MESSAGE",\
        "ParticipantRole":"SYSTEM","MessageMetadata":{"ChunkNumber":1,"MessageCompleted":false},"InitialContactId":"c-1","ContactId":"c-1"}
        """
    static let unknownKind = """
        {"AbsoluteTime":"2025-07-14T22:18:39.241Z","ContentType":"application/x-hologram","Id":"h-1","Type":"HOLOGRAM",\
        "ParticipantRole":"ROBOT","Attachments":[{"Status":"PONDERING"}],"Depth":3,"ContactId":"c-1"}
        """

    static let all = [message, event, attachment, receipt, part, unknownKind]
}
