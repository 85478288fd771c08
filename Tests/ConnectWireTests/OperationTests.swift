import ConnectWire
import FoundationEssentials
import Testing

/// What goes over the wire, member by member, against botocore's model of 2018-09-07 (and of 2017-08-08 for the control plane).
@Suite("Operations")
struct OperationTests {
    @Test(
        "Every operation has the model's method and path",
        arguments: [
            (Operation.createParticipantConnection, "POST", "/participant/connection"),
            (.sendMessage, "POST", "/participant/message"),
            (.sendEvent, "POST", "/participant/event"),
            (.getTranscript, "POST", "/participant/transcript"),
            (.startAttachmentUpload, "POST", "/participant/start-attachment-upload"),
            (.completeAttachmentUpload, "POST", "/participant/complete-attachment-upload"),
            (.getAttachment, "POST", "/participant/attachment"),
            (.disconnectParticipant, "POST", "/participant/disconnect"),
            (.describeView, "GET", "/participant/views/"),
            (.getAuthenticationUrl, "POST", "/participant/authentication-url"),
            (.cancelParticipantAuthentication, "POST", "/participant/cancel-authentication"),
        ]
    )
    func paths(operation: Operation, method: String, path: String) {
        #expect(operation.method == method)
        #expect(operation.path == path)
        #expect(Operation(rawValue: operation.rawValue) == operation)
    }

    @Test("There are eleven")
    func count() {
        #expect(Operation.allCases.count == 11)
    }

    // Each once with every member, and once with nothing but what is required.
    static let requests: [(any Codable & Sendable, String)] = [
        (
            CreateParticipantConnectionRequest(types: [.websocket, .connectionCredentials], connectParticipant: true),
            #"{"ConnectParticipant":true,"Type":["WEBSOCKET","CONNECTION_CREDENTIALS"]}"#
        ),
        (CreateParticipantConnectionRequest(), "{}"),
        (
            SendMessageRequest(contentType: .plainText, content: "a/b \"c\"\n", clientToken: ClientToken(rawValue: "t")),
            #"{"ClientToken":"t","Content":"a/b \"c\"\n","ContentType":"text/plain"}"#
        ),
        (SendMessageRequest(contentType: .markdown, content: ""), #"{"Content":"","ContentType":"text/markdown"}"#),
        (
            SendEventRequest(contentType: .messageRead, content: #"{"messageId":"m"}"#, clientToken: ClientToken(rawValue: "t")),
            #"{"ClientToken":"t","Content":"{\"messageId\":\"m\"}","#
                + #""ContentType":"application/vnd.amazonaws.connect.event.message.read"}"#
        ),
        (SendEventRequest(contentType: .typing), #"{"ContentType":"application/vnd.amazonaws.connect.event.typing"}"#),
        (
            GetTranscriptRequest(
                contactID: "c",
                maxResults: 100,
                nextToken: "n",
                scanDirection: .backward,
                sortOrder: .ascending,
                startPosition: StartPosition(id: "i", absoluteTime: Timestamp(millisecondsSince1970: 0), mostRecent: 5)
            ),
            #"{"ContactId":"c","MaxResults":100,"NextToken":"n","ScanDirection":"BACKWARD","SortOrder":"ASCENDING","#
                + #""StartPosition":{"AbsoluteTime":"1970-01-01T00:00:00.000Z","Id":"i","MostRecent":5}}"#
        ),
        (GetTranscriptRequest(scanDirection: .forward, sortOrder: .descending), #"{"ScanDirection":"FORWARD","SortOrder":"DESCENDING"}"#),
        (GetTranscriptRequest(startPosition: StartPosition()), #"{"StartPosition":{}}"#),
        (
            StartAttachmentUploadRequest(
                contentType: "text/plain",
                attachmentSizeInBytes: 20_971_520,
                attachmentName: "إيصال.txt",
                clientToken: ClientToken(rawValue: "t")
            ),
            #"{"AttachmentName":"إيصال.txt","AttachmentSizeInBytes":20971520,"ClientToken":"t","ContentType":"text/plain"}"#
        ),
        (
            CompleteAttachmentUploadRequest(attachmentIDs: ["a"], clientToken: ClientToken(rawValue: "t")),
            #"{"AttachmentIds":["a"],"ClientToken":"t"}"#
        ),
        (GetAttachmentRequest(attachmentID: "a", urlExpiryInSeconds: 300), #"{"AttachmentId":"a","UrlExpiryInSeconds":300}"#),
        (GetAttachmentRequest(attachmentID: "a"), #"{"AttachmentId":"a"}"#),
        (DisconnectParticipantRequest(clientToken: ClientToken(rawValue: "t")), #"{"ClientToken":"t"}"#),
        (DisconnectParticipantRequest(), "{}"),
        (
            GetAuthenticationUrlRequest(sessionID: "s", redirectURI: "https://example.com/back"),
            #"{"RedirectUri":"https://example.com/back","SessionId":"s"}"#
        ),
        (CancelParticipantAuthenticationRequest(sessionID: "s"), #"{"SessionId":"s"}"#),
        (
            StartChatContactRequest(
                instanceID: "i",
                contactFlowID: "f",
                participantDetails: ParticipantDetails(displayName: "Ada"),
                attributes: ["k": "v"],
                initialMessage: ChatMessage(contentType: .plainText, content: "hi"),
                clientToken: ClientToken(rawValue: "t"),
                chatDurationInMinutes: 60,
                supportedMessagingContentTypes: ["text/plain"],
                persistentChat: PersistentChat(rehydrationType: "ENTIRE_PAST_SESSION", sourceContactID: "s"),
                relatedContactID: "r"
            ),
            #"{"Attributes":{"k":"v"},"ChatDurationInMinutes":60,"ClientToken":"t","ContactFlowId":"f","#
                + #""InitialMessage":{"Content":"hi","ContentType":"text/plain"},"InstanceId":"i","ParticipantDetails":{"DisplayName":"Ada"},"#
                + #""PersistentChat":{"RehydrationType":"ENTIRE_PAST_SESSION","SourceContactId":"s"},"RelatedContactId":"r","#
                + #""SupportedMessagingContentTypes":["text/plain"]}"#
        ),
        (
            CreateParticipantRequest(
                instanceID: "i",
                contactID: "c",
                clientToken: ClientToken(rawValue: "t"),
                participantDetails: ParticipantDetails(displayName: "Bot", participantRole: .customBot)
            ),
            #"{"ClientToken":"t","ContactId":"c","InstanceId":"i","#
                + #""ParticipantDetails":{"DisplayName":"Bot","ParticipantRole":"CUSTOM_BOT"}}"#
        ),
        (StopContactRequest(instanceID: "i", contactID: "c"), #"{"ContactId":"c","InstanceId":"i"}"#),
    ]

    @Test("A request has exactly the members of the model, and none that is absent", arguments: requests.indices)
    func encodes(index: Int) throws {
        let (request, text) = Self.requests[index]
        #expect(try json(request) == text)
        #expect(try reread(request, text) == text)
    }

    // As the service answers, with members that this program does not know.
    static let responses: [(any Codable & Sendable, String)] = [
        (
            CreateParticipantConnectionResponse(
                websocket: WebsocketAccess(url: SignedURL("wss://x/?a=b"), connectionExpiry: Timestamp(millisecondsSince1970: 0)),
                connectionCredentials: ConnectionCredentials(
                    connectionToken: ConnectionToken("t"),
                    expiry: Timestamp(millisecondsSince1970: 1)
                )
            ),
            #"{"ConnectionCredentials":{"ConnectionToken":"t","Expiry":"1970-01-01T00:00:00.001Z"},"#
                + #""Websocket":{"ConnectionExpiry":"1970-01-01T00:00:00.000Z","Url":"wss://x/?a=b"}}"#
        ),
        (CreateParticipantConnectionResponse(), "{}"),
        (
            SendResponse(
                id: "i",
                absoluteTime: Timestamp(millisecondsSince1970: 0),
                messageMetadata: MessageProcessingMetadata(messageProcessingStatus: "PROCESSING")
            ),
            #"{"AbsoluteTime":"1970-01-01T00:00:00.000Z","Id":"i","MessageMetadata":{"MessageProcessingStatus":"PROCESSING"}}"#
        ),
        (
            GetTranscriptResponse(
                initialContactID: "c",
                transcript: [Item(id: "i", absoluteTime: Timestamp(millisecondsSince1970: 0), type: .event, relatedContactID: "r")],
                nextToken: "n"
            ),
            #"{"InitialContactId":"c","NextToken":"n","#
                + #""Transcript":[{"AbsoluteTime":"1970-01-01T00:00:00.000Z","Id":"i","RelatedContactId":"r","Type":"EVENT"}]}"#
        ),
        (GetTranscriptResponse(transcript: [], nextToken: ""), #"{"NextToken":"","Transcript":[]}"#),
        (
            StartAttachmentUploadResponse(
                attachmentID: "a",
                uploadMetadata: UploadMetadata(
                    url: SignedURL("https://x/?a=b"),
                    urlExpiry: Timestamp(millisecondsSince1970: 0),
                    headersToInclude: ["Content-Type": "text/plain", "x-amz-acl": "bucket-owner-full-control"]
                )
            ),
            #"{"AttachmentId":"a","UploadMetadata":{"HeadersToInclude":{"Content-Type":"text/plain","#
                + #""x-amz-acl":"bucket-owner-full-control"},"Url":"https://x/?a=b","UrlExpiry":"1970-01-01T00:00:00.000Z"}}"#
        ),
        (EmptyResponse(), "{}"),
        (
            GetAttachmentResponse(url: SignedURL("https://x"), urlExpiry: Timestamp(millisecondsSince1970: 0), attachmentSizeInBytes: 9),
            #"{"AttachmentSizeInBytes":9,"Url":"https://x","UrlExpiry":"1970-01-01T00:00:00.000Z"}"#
        ),
        (
            DescribeViewResponse(
                view: View(
                    id: "i",
                    arn: "a",
                    name: "n",
                    version: 1,
                    content: ViewContent(inputSchema: "{}", template: "{}", actions: ["ok"])
                )
            ),
            #"{"View":{"Arn":"a","Content":{"Actions":["ok"],"InputSchema":"{}","Template":"{}"},"Id":"i","Name":"n","Version":1}}"#
        ),
        (GetAuthenticationUrlResponse(authenticationURL: SignedURL("https://x")), #"{"AuthenticationUrl":"https://x"}"#),
        (
            StartChatContactResponse(
                contactID: "c",
                participantID: "p",
                participantToken: ParticipantToken("t"),
                continuedFromContactID: "d"
            ),
            #"{"ContactId":"c","ContinuedFromContactId":"d","ParticipantId":"p","ParticipantToken":"t"}"#
        ),
        (
            CreateParticipantResponse(
                participantCredentials: ParticipantTokenCredentials(
                    participantToken: ParticipantToken("t"),
                    expiry: Timestamp(millisecondsSince1970: 0)
                ),
                participantID: "p"
            ),
            #"{"ParticipantCredentials":{"Expiry":"1970-01-01T00:00:00.000Z","ParticipantToken":"t"},"ParticipantId":"p"}"#
        ),
    ]

    @Test("An answer has the model's members, and others are no obstacle", arguments: responses.indices)
    func decodes(index: Int) throws {
        let (response, text) = Self.responses[index]
        #expect(try json(response) == text)
        let withMore = (text == "{}" ? "{" : text.dropLast() + ",") + #""Later":{"Version":[2]},"WebRTCConnection":null}"#
        #expect(try reread(response, String(withMore)) == text)
    }

    /// The text, read as a value like the given one and written again.
    private func reread<Value: Codable>(_ value: Value, _ text: String) throws -> String {
        try json(try decode(Value.self, text))
    }

    @Test("One item that cannot be read does not cost the page")
    func keepsReadableItems() throws {
        let text = """
            {"Transcript":[{"Id":"1","AbsoluteTime":"2024-07-14T22:18:39Z","Type":"MESSAGE"},{"Id":"2","Type":"MESSAGE"},null,7,"x",
            {"Id":"3","AbsoluteTime":"2024-07-14T22:18:40Z","Type":"HOLOGRAM"}],"NextToken":"n"}
            """
        let page = try decode(GetTranscriptResponse.self, text)
        #expect(page.transcript?.map(\.id) == ["1", "3"])
        #expect(page.unreadableItems == 4)
        #expect(page.nextToken == "n")
    }

    @Test("DescribeView has no body to read")
    func describeViewHasNoBody() throws {
        #expect(try json(DescribeViewRequest(viewToken: "secret")) == "{}")
        #expect(throws: DecodingError.self) { try decode(DescribeViewRequest.self, "{}") }
    }

    @Test("Client tokens are random and fit the model")
    func clientTokens() {
        let tokens = (0..<1000).map { _ in ClientToken.random() }
        #expect(Set(tokens).count == 1000)
        #expect(tokens.allSatisfy { (1...500).contains($0.rawValue.count) })
    }
}
