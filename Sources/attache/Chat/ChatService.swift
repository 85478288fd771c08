import ConnectWire
import Foundation
import Logging
import Participant
import Transport

/// A participant service as people use it: chats are started and joined there, and where it is a local one, things are made to go wrong.
struct ChatService: Sendable {
    let api: ParticipantAPI
    let sockets: any WebSocketClient
    let cast: Cast
    var receive = ParticipantConnection.Receive.websocket
    /// Told what each person hears.
    var listener: Person.Listener = { _, _ in }

    /// Starts a chat with a bot, as its customer.
    func startChat(with bot: String, as name: String, attributes: [String: String]) async throws {
        guard api.endpoint.isLoopback else {
            throw ScriptProblem(
                #"only a local service starts chats here; to join one at \#(api.endpoint), use \connect --token-file FILE"#
            )
        }
        let request = StartChatContactRequest(
            instanceID: "local",
            contactFlowID: ContactFlowID(bot),
            participantDetails: ParticipantDetails(displayName: name),
            attributes: attributes
        )
        let answer: StartChatContactResponse = try await call("PUT", "/contact/chat", try JSONEncoder().encode(request))
        enter(
            Person.Part(
                name: name,
                role: .customer,
                participantID: answer.participantID,
                contactID: answer.contactID,
                token: answer.participantToken,
                bot: bot
            )
        )
    }

    /// Adds an agent or a supervisor to the chat that somebody is in.
    func add(_ name: String, as role: ParticipantRole, beside person: Person) async throws {
        struct Added: Decodable {
            var participantId: ParticipantID
            var participantToken: ParticipantToken
        }
        let contact = try contact(of: person)
        let body = try JSONEncoder().encode(["role": role.rawValue, "displayName": name])
        let answer: Added = try await call("POST", "/local/contacts/\(contact)/participants", body)
        enter(
            Person.Part(
                name: name,
                role: role,
                participantID: answer.participantId,
                contactID: contact,
                token: answer.participantToken,
                bot: person.bot
            )
        )
    }

    func enter(_ part: Person.Part) {
        var api = api
        api.logger[metadataKey: "who"] = "\(part.name)"
        cast.enter(Person(part, api: api, sockets: sockets, receive: receive, listener: listener))
    }

    // MARK: Faults

    /// Asks the local service for a fault, in this person's chat unless it names another.
    func addFault(_ json: String, besides person: Person) async throws {
        guard var fields = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] else {
            throw ScriptProblem("the fault is not a JSON object")
        }
        if fields["contact"] == nil { fields["contact"] = try contact(of: person).rawValue }
        _ = try await send("POST", "/local/faults", try JSONSerialization.data(withJSONObject: fields))
    }

    /// As JSON.
    func faults() async throws -> String {
        String(decoding: try await send("GET", "/local/faults", nil), as: UTF8.self)
    }

    func clearFaults() async throws {
        _ = try await send("DELETE", "/local/faults", nil)
    }

    private func contact(of person: Person) throws -> ContactID {
        guard let contact = person.contactID else { throw ScriptProblem("the service has not told yet which contact this is") }
        return contact
    }

    // MARK: Calls beside the participant API

    private func call<Answer: Decodable>(_ method: String, _ path: String, _ body: Data) async throws -> Answer {
        try JSONDecoder().decode(Answer.self, from: try await send(method, path, body))
    }

    private func send(_ method: String, _ path: String, _ body: Data?) async throws -> Data {
        let request = HTTPRequest(
            method,
            api.endpoint.url + path,
            headers: body == nil ? [] : [HTTPHeader("Content-Type", "application/json")],
            body: body.map { .bytes(Array($0)) } ?? .none
        )
        let response: HTTPResponse
        do {
            response = try await api.http.send(request)
        } catch {
            throw error.code == .cancelled ? CancellationError() : error
        }
        guard (200..<300).contains(response.status) else {
            throw ScriptProblem(
                ServiceFault(
                    status: response.status,
                    typeHeader: response.headers[ServiceFault.typeHeader],
                    requestID: nil,
                    body: response.body
                )
                .message
            )
        }
        return Data(response.body)
    }
}
