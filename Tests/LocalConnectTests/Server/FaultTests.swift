import ConnectWire
import Testing
import Transport

@testable import LocalConnect

@Suite("Faults that are asked for", .timeLimit(.minutes(1)))
struct FaultTests {
    /// A chat with a connected customer.
    private static func withCustomer(_ body: @escaping @Sendable (RunningService, ContactID, Connection) async throws -> Void) async throws
    {
        try await RunningService.with { service in
            let chat = try await service.startChat()
            try await body(service, chat.contactID, service.connect(chat.participantToken))
        }
    }

    private static func say(_ text: String, _ service: RunningService, _ customer: Connection) async throws -> ItemID? {
        try await service.call(SendMessageRequest(contentType: .plainText, content: text), token: customer.token).id
    }

    @Test("A status is answered with its modelled type, and nothing has happened", arguments: [400, 403, 409, 429, 500, 503])
    func status(status: Int) async throws {
        try await Self.withCustomer { service, _, customer in
            let fault = try await service.admin("POST", "faults", #"{"operation":"SendMessage","status":\#(status),"count":2}"#)
            #expect(fault.status == 200)
            for _ in 0..<2 {
                let answer = try await service.call(
                    .sendMessage,
                    token: customer.token,
                    json: #"{"ContentType":"text/plain","Content":"x"}"#
                )
                #expect(answer.status == status)
            }
            _ = try await Self.say("at last", service, customer)
            let items = try await service.call(GetTranscriptRequest(), token: customer.token).transcript ?? []
            #expect(items.compactMap(\.content) == ["at last"])
            #expect(try await service.admin("GET", "faults").text == "[]")
        }
    }

    @Test("A lost response breaks the connection after the call was done")
    func lostResponse() async throws {
        try await Self.withCustomer { service, contact, customer in
            _ = try await service.admin("POST", "faults", #"{"operation":"SendMessage","fault":"lose-response","contact":"\#(contact)"}"#)
            await #expect(throws: HTTPError.self) { try await Self.say("hello", service.fresh, customer) }
            let items = try await service.call(GetTranscriptRequest(), token: customer.token).transcript ?? []
            #expect(items.compactMap(\.content) == ["hello"])
        }
    }

    @Test("Dropped sockets and doubled frames")
    func sockets() async throws {
        try await Self.withCustomer { service, contact, customer in
            try await service.sockets.withConnection(to: customer.url, timeout: .seconds(60)) { socket in
                try await socket.subscribe()
                _ = try await service.admin("POST", "faults", #"{"fault":"duplicate-frames","contact":"\#(contact)"}"#)
                let id = try await Self.say("twice", service, customer)
                #expect(try await socket.item().id == id)
                #expect(try await socket.item().id == id)
                _ = try await Self.say("once", service, customer)
                #expect(try await socket.item().content == "once")
                _ = try await service.admin("POST", "faults", #"{"fault":"drop-sockets","contact":"\#(contact)"}"#)
                await #expect(throws: WebSocketError.self) { try await socket.receive() }
            }
        }
    }

    @Test("A reset breaks the connection before the call is done; a delayed answer comes")
    func resetAndDelay() async throws {
        try await Self.withCustomer { service, contact, customer in
            _ = try await service.admin("POST", "faults", #"{"operation":"SendMessage","fault":"reset","contact":"\#(contact)"}"#)
            await #expect(throws: HTTPError.self) { try await Self.say("lost", service.fresh, customer) }
            _ = try await service.admin("POST", "faults", #"{"operation":"SendMessage","fault":"delay","seconds":0.01}"#)
            _ = try await Self.say("late", service, customer)
            let items = try await service.call(GetTranscriptRequest(), token: customer.token).transcript ?? []
            #expect(items.compactMap(\.content) == ["late"])
        }
    }

    @Test("A silent socket stays open and says nothing, not even a heartbeat; the next one speaks")
    func silentSocket() async throws {
        try await Self.withCustomer { service, contact, customer in
            try await service.sockets.withConnection(to: customer.url, timeout: .seconds(60)) { silent in
                try await silent.subscribe()
                _ = try await service.admin("POST", "faults", #"{"fault":"silence-sockets","contact":"\#(contact)"}"#)
                try await silent.send(ClientFrame.heartbeat.text)
                try await service.sockets.withConnection(to: customer.url, timeout: .seconds(60)) { socket in
                    try await socket.subscribe()
                    _ = try await Self.say("hello", service, customer)
                    #expect(try await socket.item().content == "hello")
                }
                _ = try await service.admin("POST", "faults", #"{"fault":"drop-sockets","contact":"\#(contact)"}"#)
                await #expect(throws: WebSocketError.self, "nothing came before the end") { try await silent.receive() }
            }
        }
    }

    @Test("Connection tokens expire; the participant token gives a new one")
    func tokens() async throws {
        try await RunningService.with { service in
            let chat = try await service.startChat()
            let old = try await service.connect(chat.participantToken)
            _ = try await service.admin("POST", "faults", #"{"fault":"expire-tokens","contact":"\#(chat.contactID)"}"#)
            await #expect(throws: ServiceFault.accessDenied) { try await Self.say("?", service, old) }
            let new = try await service.connect(chat.participantToken)
            #expect(try await Self.say("again", service, new) != nil)
        }
    }

    @Test("An upload meets an expired URL, a broken PUT, a lost answer and a rejection, in this order")
    func uploads() async throws {
        try await Self.withCustomer { service, _, customer in
            for fault in [#""fault":"expire-urls""#, #""fault":"break-upload""#, #""fault":"reject-scan""#] {
                _ = try await service.admin("POST", "faults", "{\(fault)}")
            }
            let bytes = [UInt8](repeating: 7, count: 300_000)
            func start() async throws -> StartAttachmentUploadResponse {
                let request = StartAttachmentUploadRequest(
                    contentType: "application/pdf",
                    attachmentSizeInBytes: Int64(bytes.count),
                    attachmentName: "a.pdf",
                    clientToken: .random()
                )
                return try await service.call(request, token: customer.token)
            }
            let expired = try await service.put(bytes, start())
            #expect(expired.status == 403)
            #expect(expired.text.contains("<Code>AccessDenied</Code>"))
            #expect(expired.text.contains("Request has expired"))

            let upload = try await start()
            await #expect(throws: HTTPError.self) { try await service.fresh.put(bytes, upload) }
            await #expect(throws: ServiceFault.self, "nothing is stored") { try await service.complete(upload, customer) }
            _ = try await service.admin("POST", "faults", #"{"operation":"PutObject","fault":"lose-response"}"#)
            await #expect(throws: HTTPError.self) { try await service.fresh.put(bytes, upload) }
            #expect(try await service.put(bytes, upload).status == 200)

            try await service.sockets.withConnection(to: customer.url, timeout: .seconds(60)) { socket in
                try await socket.subscribe()
                try await service.complete(upload, customer)
                #expect(try await socket.item().attachments?.first?.status == .rejected)
            }
        }
    }
}

extension RunningService {
    func put(_ bytes: [UInt8], _ upload: StartAttachmentUploadResponse) async throws -> Answer {
        let headers = (upload.uploadMetadata.headersToInclude ?? [:]).map { HTTPHeader($0.key, $0.value) }
        return try await send("PUT", upload.uploadMetadata.url.exposed, headers: headers, body: .bytes(bytes))
    }

    func complete(_ upload: StartAttachmentUploadResponse, _ connection: Connection) async throws {
        let request = CompleteAttachmentUploadRequest(attachmentIDs: [upload.attachmentID], clientToken: .random())
        _ = try await call(request, token: connection.token)
    }
}
