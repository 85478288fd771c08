import ConnectWire
import Foundation
import LocalConnect
import Logging
import Participant
import Transport

@testable import BotHost

/// A local participant service on a port of its own, and whoever takes part in its chats.
struct ChatService: Sendable {
    let endpoint: Endpoint
    let http: any HTTPClient

    /// Runs the body beside the service.
    static func with<Value: Sendable>(
        _ configure: (inout ServiceRules) -> Void = { _ in },
        _ body: (ChatService) async throws -> Value
    ) async throws -> Value {
        var configuration = LocalConnect.Configuration()
        configuration.rules.quotas = .off
        configuration.rules.scan.delay = .milliseconds(1)
        configure(&configuration.rules)
        let service = try LocalConnect(configuration: configuration, logger: .silent)
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await service.run() }
            defer { group.cancelAll() }
            return try await body(ChatService(endpoint: Endpoint(parsing: service.endpoint), http: CurlHTTPClient()))
        }
    }

    func api(time: any TimeSource = SystemTime()) -> ParticipantAPI {
        ParticipantAPI(endpoint: endpoint, http: http, time: time, pacer: Pacer(quotas: [:]), logger: .silent)
    }

    func startChat() async throws -> Chat {
        let started: StartChatContactResponse = try await control(
            "PUT",
            "/contact/chat",
            StartChatContactRequest(
                instanceID: "instance",
                contactFlowID: "no-bot",
                participantDetails: ParticipantDetails(displayName: "Ada")
            )
        )
        return Chat(service: self, id: started.contactID, customer: try await join(started.participantToken))
    }

    /// Connects somebody who is no bot of ours.
    func join(_ token: ParticipantToken) async throws -> ParticipantConnection {
        let connection = ParticipantConnection(api: api(), participantToken: token, receive: .poll)
        _ = try await connection.open()
        return connection
    }

    func control<Response: Decodable>(_ method: String, _ path: String, _ request: some Encodable) async throws -> Response {
        let body = Array(try JSONEncoder().encode(request))
        let headers = [HTTPHeader("Content-Type", "application/json")]
        let answer = try await http.send(HTTPRequest(method, endpoint.url + path, headers: headers, body: .bytes(body)))
        guard answer.status == 200 else { throw Unexpected("\(path) answered \(answer.status)") }
        return try JSONDecoder().decode(Response.self, from: Data(answer.body))
    }
}

/// A chat as its customer sees it.
struct Chat: Sendable {
    let service: ChatService
    let id: ContactID
    let customer: ParticipantConnection

    func say(_ text: String) async throws {
        _ = try await customer.call(SendMessageRequest(contentType: .plainText, content: text, clientToken: .random()))
    }

    /// What a bot needs to take part.
    func addBot(_ name: String = "bot", knowsItsID: Bool = true) async throws -> BotHost.ChatArrival {
        let added: CreateParticipantResponse = try await service.control(
            "POST",
            "/contact/create-participant",
            CreateParticipantRequest(
                instanceID: "instance",
                contactID: id,
                participantDetails: ParticipantDetails(displayName: name, participantRole: .customBot)
            )
        )
        return BotHost.ChatArrival(
            bot: name,
            contactID: id,
            participantID: knowsItsID ? added.participantID : nil,
            participantToken: added.participantCredentials.participantToken
        )
    }

    func addAgent() async throws -> ParticipantConnection {
        struct Added: Decodable {
            var participantToken: ParticipantToken
        }
        let added: Added = try await service.control("POST", "/local/contacts/\(id)/participants", ["role": "AGENT"])
        return try await service.join(added.participantToken)
    }

    func end() async throws {
        struct Nothing: Decodable {}
        let _: Nothing = try await service.control("POST", "/local/contacts/\(id)/end", [String: String]())
    }

    /// The transcript as the operator can read it, also when nobody is left in the chat.
    var items: [Item] {
        get async throws {
            let url = service.endpoint.url + "/local/contacts/\(id)/transcript"
            let answer = try await service.http.send(HTTPRequest("GET", url))
            return try JSONDecoder().decode([Item].self, from: Data(answer.body))
        }
    }

    /// What bots have said, in order; a file as `[name]`.
    var botWords: [String] {
        get async throws {
            try await items.filter { $0.participantRole == .customBot }.compactMap { item in
                switch item.type {
                case .message: item.content
                case .attachment: "[\((item.attachments ?? []).compactMap(\.attachmentName).joined())]"
                default: nil
                }
            }
        }
    }

    /// Waits until the bots have said so much, and gives what they have said by then. The test's time limit is the limit.
    func botWords(atLeast count: Int) async throws -> [String] {
        try await items { $0.count >= count }
    }

    /// Waits until the bot's last word is this.
    func botWords(until last: String) async throws -> [String] {
        try await items { $0.last == last }
    }

    private func items(_ isEnough: ([String]) -> Bool) async throws -> [String] {
        while true {
            let words = try await botWords
            if isEnough(words) { return words }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}
