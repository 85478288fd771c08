import ConnectWire
import Foundation
import Transport

/// A customer of a running participant service, and what the service's control plane does for one.
struct Customer: Sendable {
    let endpoint: String
    let contact: ContactID
    let token: ConnectionToken
    /// All secrets that the service has handed to this customer, and to bots it has invited.
    let secrets: [String]

    private static let http = CurlHTTPClient()

    init(endpoint: String, flow: String = "no-bot") async throws {
        self.endpoint = endpoint
        let started: StartChatContactResponse = try await Self.send(
            "PUT",
            endpoint + "/contact/chat",
            StartChatContactRequest(
                instanceID: "instance",
                contactFlowID: ContactFlowID(flow),
                participantDetails: ParticipantDetails(displayName: "Ada")
            )
        )
        let connection: CreateParticipantConnectionResponse = try await Self.send(
            "POST",
            endpoint + Operation.createParticipantConnection.path,
            CreateParticipantConnectionRequest(types: [.connectionCredentials], connectParticipant: true),
            token: started.participantToken.exposed
        )
        guard let credentials = connection.connectionCredentials else { throw Unexpected("no credentials") }
        contact = started.contactID
        token = credentials.connectionToken
        secrets = [started.participantToken.exposed, credentials.connectionToken.exposed]
    }

    func say(_ text: String) async throws {
        let _: SendResponse = try await call(
            SendMessageRequest(contentType: .plainText, content: text, clientToken: .random())
        )
    }

    /// The scanner will reject the next file in this chat.
    func rejectNextFile() async throws {
        let _: EmptyResponse = try await Self.send(
            "POST",
            endpoint + "/local/contacts/\(contact)/scan-verdicts",
            ["verdicts": ["REJECTED"]]
        )
    }

    /// Adds a bot to the chat, and gives its participant token.
    func inviteBot() async throws -> CreateParticipantResponse {
        try await Self.send(
            "POST",
            endpoint + "/contact/create-participant",
            CreateParticipantRequest(
                instanceID: "instance",
                contactID: contact,
                participantDetails: ParticipantDetails(displayName: "Bot", participantRole: .customBot)
            )
        )
    }

    /// What the bots have said, a file as `[name]`.
    var botWords: [String] {
        get async throws {
            let page: GetTranscriptResponse = try await call(
                GetTranscriptRequest(maxResults: 100, nextToken: nil, scanDirection: .backward, sortOrder: .ascending)
            )
            return (page.transcript ?? []).filter { $0.participantRole == .customBot }.compactMap { item in
                item.type == .attachment ? "[\((item.attachments ?? []).compactMap(\.attachmentName).joined())]" : item.content
            }
        }
    }

    /// Waits until the bot's last word is this. The test's time limit is the limit.
    @discardableResult
    func hears(_ last: String) async throws -> [String] {
        while true {
            let words = try await botWords
            if words.last == last { return words }
            try await Task.sleep(for: .milliseconds(50))
        }
    }

    private func call<Request: ParticipantRequest>(_ request: Request) async throws -> Request.Response {
        try await Self.send(Request.operation.method, endpoint + Request.operation.path, request, token: token.exposed)
    }

    private static func send<Response: Decodable>(
        _ method: String,
        _ url: String,
        _ request: some Encodable,
        token: String? = nil
    ) async throws -> Response {
        let bearer = token.map { [HTTPHeader(Operation.tokenHeader, $0)] } ?? []
        let headers = bearer + [HTTPHeader("Content-Type", "application/json")]
        let body = Array(try JSONEncoder().encode(request))
        let answer = try await http.send(HTTPRequest(method, url, headers: headers, body: .bytes(body)))
        guard answer.status == 200 else { throw Unexpected("\(url) answered \(answer.status)") }
        return try JSONDecoder().decode(Response.self, from: Data(answer.body))
    }
}
