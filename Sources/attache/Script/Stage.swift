import BotHost
import ConnectWire
import Foundation
import LocalConnect
import Logging
import Participant
import Transport

/// Everything that a chat script plays on: the local service, the bots, and the people in the chats. One process, no sockets, virtual time.
final class Stage: Sendable {
    let time: SimulatedTime
    let people: Cast
    private let local: LocalConnect
    private let api: ParticipantAPI
    private let bots: [Bot]
    private let store: Store

    private init(time: SimulatedTime, local: LocalConnect, api: ParticipantAPI, bots: [Bot], store: Store) {
        self.time = time
        people = Cast()
        self.local = local
        self.api = api
        self.bots = bots
        self.store = store
    }

    /// When the virtual clock starts, so that a golden file with times in it stays the same.
    static let start = Date(timeIntervalSince1970: 1_767_225_600)  // 2026-01-01T00:00:00Z

    /// Sets the stage for bots, runs the body, and clears it away.
    static func set<Value: Sendable>(
        for bots: [Bot],
        modules: ModuleHost,
        trace: Session.Trace? = nil,
        logger: Logger,
        _ body: @escaping @Sendable (Stage) async throws -> Value
    ) async throws -> Value {
        let folder = NSTemporaryDirectory() + "/attache-stage-" + UUID().uuidString.lowercased()
        defer { try? FileManager.default.removeItem(atPath: folder) }
        return try await SimulatedTime.run(from: start) { time in
            try await play(bots, modules, trace: trace, spool: folder, time: time, logger: logger, body)
        }
    }

    private static func play<Value: Sendable>(
        _ bots: [Bot],
        _ modules: ModuleHost,
        trace: Session.Trace?,
        spool: String,
        time: SimulatedTime,
        logger: Logger,
        _ body: @escaping @Sendable (Stage) async throws -> Value
    ) async throws -> Value {
        let door = BotDoor()
        var configuration = LocalConnect.Configuration()
        configuration.rules.quotas = .off
        configuration.rules.scan.delay = .zero
        configuration.rules.flows = bots.flows
        let local = try LocalConnect(configuration: configuration, time: time, logger: logger, deliver: door.deliver)
        let api = ParticipantAPI(
            endpoint: try Endpoint(parsing: LocalConnect.inMemoryEndpoint),
            http: local.inMemoryHTTP,
            time: time,
            pacer: .off,
            logger: logger
        )
        let store = try Store(inMemoryWithSpoolIn: spool, time: time)
        let server = BotServer(
            bots: bots,
            store: store,
            modules: modules,
            api: api,
            sockets: local.inMemorySockets,
            trace: trace,
            logger: logger
        )
        let stage = Stage(time: time, local: local, api: api, bots: bots, store: store)
        return try await withThrowingTaskGroup(of: Value?.self) { group in
            group.addTask {
                try await local.runInMemory()
                return nil
            }
            group.addTask {
                await door.open(server)
                try await server.run()
                return nil
            }
            group.addTask {
                await stage.people.run()
                return nil
            }
            group.addTask { try await body(stage) }
            defer { group.cancelAll() }
            while let value = try await group.next() {
                if let value { return value }
            }
            throw ScriptProblem("the stage was left before the play was over")
        }
    }

    /// What the bot of a contact waits for; nil where it has none, or has left.
    func whatBotAwaits(in contact: ContactID) async -> String? {
        guard let session = try? await store.liveSessions().first(where: { $0.contactID == contact }),
            let bot = bots.first(where: { $0.name == session.bot })
        else { return nil }
        return Dialogue(definition: bot.definition, role: session.role).whatIsAwaited(in: session.dialogue)
    }

    // MARK: People

    /// Starts a chat with a bot, as its customer.
    func startChat(with bot: String, as name: String, attributes: [String: String]) async throws -> Person {
        let request = StartChatContactRequest(
            instanceID: "local",
            contactFlowID: ContactFlowID(bot),
            participantDetails: ParticipantDetails(displayName: name),
            attributes: attributes
        )
        let answer: StartChatContactResponse = try await call("PUT", "/contact/chat", try JSONEncoder().encode(request))
        return person(name, .customer, answer.participantID, answer.contactID, answer.participantToken)
    }

    /// Adds an agent or a supervisor to a chat.
    func add(_ name: String, as role: ParticipantRole, to contact: ContactID) async throws -> Person {
        struct Added: Decodable {
            var participantId: ParticipantID
            var participantToken: ParticipantToken
        }
        let body = try JSONEncoder().encode(["role": role.rawValue, "displayName": name])
        let answer: Added = try await call("POST", "/local/contacts/\(contact)/participants", body)
        return person(name, role, answer.participantId, contact, answer.participantToken)
    }

    /// Asks the local service for a fault, in this contact unless it names another.
    func addFault(_ json: String, in contact: ContactID) async throws {
        guard var fields = try? JSONSerialization.jsonObject(with: Data(json.utf8)) as? [String: Any] else {
            throw ScriptProblem("the fault is not a JSON object")
        }
        if fields["contact"] == nil { fields["contact"] = contact.rawValue }
        struct Anything: Decodable {}
        let _: Anything = try await call("POST", "/local/faults", try JSONSerialization.data(withJSONObject: fields))
    }

    private func person(
        _ name: String,
        _ role: ParticipantRole,
        _ id: ParticipantID,
        _ contact: ContactID,
        _ token: ParticipantToken
    ) -> Person {
        let person = Person(
            name: name,
            role: role,
            participantID: id,
            contactID: contact,
            token: token,
            api: api,
            sockets: local.inMemorySockets
        )
        people.enter(person)
        return person
    }

    private func call<Answer: Decodable>(_ method: String, _ path: String, _ body: Data) async throws -> Answer {
        let request = HTTPRequest(
            method,
            LocalConnect.inMemoryEndpoint + path,
            headers: [HTTPHeader("Content-Type", "application/json")],
            body: .bytes(Array(body))
        )
        let response = try await api.http.send(request)
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
        return try JSONDecoder().decode(Answer.self, from: Data(response.body))
    }
}
