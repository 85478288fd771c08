import ConnectWire
import FoundationEssentials
import NIOCore
import Testing
import Transport

@testable import LocalConnect

@Suite("The admin API", .timeLimit(.minutes(1)))
struct AdminTests {
    @Test("It shows contacts, participants and transcripts, and no tokens")
    func overview() async throws {
        try await RunningService.with { service in
            let chat = try await service.startChat()
            let customer = try await service.connect(chat.participantToken)
            _ = try await service.call(SendMessageRequest(contentType: .plainText, content: "hello"), token: customer.token)

            let contacts = try await service.send("GET", "/local/contacts")
            #expect(contacts.status == 200)
            #expect(contacts.text.contains(#""presence":"joined""#))
            #expect(contacts.text.contains(chat.contactID.rawValue))
            #expect(!contacts.text.contains(chat.participantToken.exposed))
            let transcript = try await service.send("GET", "/local/contacts/\(chat.contactID)/transcript")
            let items = try JSONDecoder().decode([Item].self, from: Data(transcript.body))
            #expect(items.map(\.content) == [nil, "hello"])
        }
    }

    @Test("An added agent takes part, and its coming sends the bot away")
    func agent() async throws {
        try await RunningService.with { service in
            let chat = try await service.startChat()
            let bot = try await service.connect(service.addBot(to: chat.contactID).participantCredentials.participantToken)
            let answer = try await service.admin(
                "POST",
                "contacts/\(chat.contactID)/participants",
                #"{"role":"AGENT","displayName":"Ben"}"#
            )
            let added = try JSONDecoder().decode(Added.self, from: Data(answer.body))
            let agent = try await service.connect(added.participantToken)
            let sent = try await service.call(SendMessageRequest(contentType: .plainText, content: "I am Ben"), token: agent.token)
            #expect(sent.id != nil)
            await #expect(throws: ServiceFault.self) {
                try await service.call(SendMessageRequest(contentType: .plainText, content: "?"), token: bot.token)
            }
        }
    }

    @Test("It ends a contact")
    func end() async throws {
        try await RunningService.with { service in
            let chat = try await service.startChat()
            let customer = try await service.connect(chat.participantToken)
            try await service.sockets.withConnection(to: customer.url, timeout: .seconds(60)) { socket in
                try await socket.subscribe()
                _ = try await service.admin("POST", "contacts/\(chat.contactID)/end")
                #expect(try await socket.item().contentType == .chatEnded)
            }
        }
    }

    @Test("A view that was set is described to its chat, whatever its token looks like")
    func views() async throws {
        try await RunningService.with { service in
            let chat = try await service.startChat()
            let customer = try await service.connect(chat.participantToken)
            let view = #"{"Id":"v","Name":"Form","Version":1,"Content":{"Template":"{}","Actions":["Send"]}}"#
            let token = "a%2Fb%20%C3%A4"
            #expect(try await service.admin("PUT", "contacts/\(chat.contactID)/views/\(token)", view).status == 200)
            let headers = [HTTPHeader(Operation.tokenHeader, customer.token)]
            let answer = try await service.send("GET", "/participant/views/\(token)", headers: headers)
            let described = try JSONDecoder().decode(DescribeViewResponse.self, from: Data(answer.body))
            #expect(described.view?.name == "Form")
            #expect(described.view?.content?.actions == ["Send"])
            let other = try await service.send("GET", "/participant/views/other", headers: headers)
            #expect((other.status, other.errorType) == (404, "ResourceNotFoundException"))
        }
    }

    @Test("An authentication that was started gives its URL, which leads back, and can be cancelled")
    func authentication() async throws {
        try await RunningService.with { service in
            let chat = try await service.startChat()
            let customer = try await service.connect(chat.participantToken)
            let first = try await service.startAuthentication(in: chat.contactID)
            let request = GetAuthenticationUrlRequest(sessionID: first, redirectURI: "https://shop.example/back?x=1&y=ä")
            let url = try await service.call(request, token: customer.token).authenticationURL
            let answer = try await service.send("GET", url?.exposed ?? "")
            #expect(answer.status == 302)
            #expect(answer.headers["Location"] == "https://shop.example/back?x=1&y=ä")

            let second = try await service.startAuthentication(in: chat.contactID)
            _ = try await service.call(CancelParticipantAuthenticationRequest(sessionID: second), token: customer.token)
            await #expect(throws: ServiceFault.self) {
                try await service.call(
                    GetAuthenticationUrlRequest(sessionID: second, redirectURI: "https://shop.example"),
                    token: customer.token
                )
            }
            let items = try await service.call(GetTranscriptRequest(sortOrder: .ascending), token: customer.token).transcript ?? []
            #expect(
                items.compactMap { $0.contentType?.eventName }.filter { $0.hasPrefix("auth") }
                    == ["authentication.initiated", "authentication.succeeded", "authentication.initiated", "authentication.cancelled"]
            )
        }
    }

    @Test(
        "It answers only to loopback names and to no foreign page",
        arguments: [
            ([("Host", "evil.example")], 403), ([("Host", "127.0.0.1.evil.example")], 403), ([("Host", "localhost:1")], 200),
            ([("Host", "[::1]:1")], 200), ([("Origin", "https://evil.example")], 403), ([("Origin", "null")], 403),
            ([("Origin", "http://localhost:3000")], 200),
        ] as [([(String, String)], Int)]
    )
    func foreignPages(headers: [(String, String)], status: Int) async throws {
        let named =
            [HTTPHeader("Host", "127.0.0.1")].filter { _ in headers.allSatisfy { $0.0 != "Host" } } + headers.map { HTTPHeader($0.0, $0.1) }
        let request = ServiceRequest(method: "GET", target: "/local/contacts", headers: named, body: EmptyBody())
        guard case .response(let response) = try await LocalConnect().respond(to: request) else {
            Issue.record("no answer")
            return
        }
        #expect(response.status == status)
        #expect(response.headers["Access-Control-Allow-Origin"] == nil)
    }

    @Test(
        "What it does not know is refused with a reason",
        arguments: [
            ("GET", "nothing", "", 404), ("GET", "contacts/unknown/transcript", "", 404), ("POST", "contacts/unknown/end", "", 404),
            ("DELETE", "contacts", "", 404), ("POST", "faults", "{}", 400), ("POST", "faults", #"{"status":200}"#, 400),
            ("POST", "faults", #"{"status":503,"fault":"lose-response"}"#, 400), ("POST", "faults", #"{"fault":"explode"}"#, 400),
            ("POST", "faults", #"{"status":503,"operation":"SendMail"}"#, 400), ("POST", "faults", #"{"status":503,"count":0}"#, 400),
            ("POST", "faults", "[", 400), ("GET", "authenticate?session=x", "", 404),
        ]
    )
    func refusals(method: String, path: String, body: String, status: Int) async throws {
        try await RunningService.with { service in
            let answer = try await service.admin(method, path, body)
            #expect(answer.status == status)
            #expect(answer.text.contains(#""message":"#))
        }
    }
}

private struct EmptyBody: AsyncSequence, AsyncIteratorProtocol, Sendable {
    func makeAsyncIterator() -> Self { self }
    mutating func next() async throws -> ByteBuffer? { nil }
}

private struct Added: Decodable {
    var participantToken: ParticipantToken
}

private struct Session: Decodable {
    var sessionId: String
}

extension RunningService {
    fileprivate func startAuthentication(in contact: ContactID) async throws -> String {
        let answer = try await admin("POST", "contacts/\(contact)/authentication")
        return try JSONDecoder().decode(Session.self, from: Data(answer.body)).sessionId
    }

    func admin(_ method: String, _ path: String, _ json: String = "") async throws -> Answer {
        try await send(method, "/local/\(path)", body: json.isEmpty ? .none : .bytes(Array(json.utf8)))
    }
}
