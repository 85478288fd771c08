import BotHost
import ConnectWire
import FoundationEssentials
import LocalConnect

extension FuzzTarget {
    static let serverFrame = FuzzTarget("server-frame", "text frames from the service", tokens: wireTokens) { bytes in
        guard let text = String(validating: bytes, as: UTF8.self), let frame = try? ServerFrame(parsing: text) else { return }
        requireSame(frame) { try ServerFrame(parsing: frame.text()) }
    }

    static let clientFrame = FuzzTarget("client-frame", "text frames from a participant", tokens: wireTokens) { bytes in
        guard let text = String(validating: bytes, as: UTF8.self), let frame = try? ClientFrame(parsing: text) else { return }
        requireSame(frame) { try ClientFrame(parsing: frame.text) }
    }

    static let item = FuzzTarget("item", "items of a transcript", tokens: wireTokens) { bytes in
        requireStable(Item.self, in: bytes)
    }

    static let operation = FuzzTarget("operation", "requests and answers of the API's operations, and its faults", tokens: wireTokens) {
        bytes in
        for type in bodies { requireStable(type, in: bytes) }
        let fault = ServiceFault(status: 400, typeHeader: String(decoding: bytes.prefix(64), as: UTF8.self), requestID: nil, body: bytes)
        requireSame(fault.message) { ServiceFault(status: 400, typeHeader: nil, requestID: nil, body: fault.body).message }
    }

    private static var bodies: [any Codable.Type] {
        [
            CreateParticipantConnectionRequest.self, CreateParticipantConnectionResponse.self, SendMessageRequest.self,
            SendEventRequest.self,
            SendResponse.self, GetTranscriptRequest.self, GetTranscriptResponse.self, StartAttachmentUploadRequest.self,
            StartAttachmentUploadResponse.self, CompleteAttachmentUploadRequest.self, GetAttachmentRequest.self,
            GetAttachmentResponse.self, DisconnectParticipantRequest.self, DescribeViewResponse.self, GetAuthenticationUrlRequest.self,
            GetAuthenticationUrlResponse.self, CancelParticipantAuthenticationRequest.self, StartChatContactRequest.self,
            StartChatContactResponse.self, CreateParticipantRequest.self, CreateParticipantResponse.self, StopContactRequest.self,
        ]
    }

    static let settings = FuzzTarget(
        "settings",
        "fault files, quota files, bodies of the intake and of the control socket",
        tokens: wireTokens
    ) {
        bytes in
        _ = try? Fault.list(json: bytes)
        _ = try? Quotas(json: bytes)
        requireStable(BotHost.ChatArrival.self, in: bytes)
        requireStable(ControlRequest.self, in: bytes)
        requireStable(ControlAnswer.self, in: bytes)
    }

    static let wireTokens = [
        #""topic":"#, #""aws/chat""#, #""aws/subscribe""#, #""aws/ping""#, #""aws/heartbeat""#, #""content":"#, #""contentType":"#,
        #""Id":"#, #""Type":"#, #""MESSAGE""#, #""EVENT""#, #""ATTACHMENT""#, #""AbsoluteTime":"#, #""2024-07-14T22:18:39.241Z""#,
        #""Content":"#, #""ContentType":"#, #""Attachments":"#, #""Receipts":"#, #""MessageMetadata":"#, #""statusCode":"#, "null,", "true",
        "{}", "[]", #""status":"#, #""fault":"#, #""delay""#, #""seconds":"#, #""count":"#, #""rate":"#, #""burst":"#, #""random":"#,
    ]
}
