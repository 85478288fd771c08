import ConnectWire
import FoundationEssentials
import Transport

@testable import LocalConnect

/// A state with a clock beside it, and what happened in it so far.
struct Stage {
    var state: ServiceState
    var now = Timestamp(millisecondsSince1970: 1_700_000_000_000)
    var pushes: [Push] = []
    var arrivals: [ChatArrival] = []

    init(_ change: (inout ServiceRules) -> Void = { _ in }) {
        var rules = ServiceRules()
        rules.quotas = .off
        change(&rules)
        state = ServiceState(rules: rules, key: ServiceKey(), random: SystemRandomNumberGenerator())
        state.endpoint = "http://127.0.0.1:1"
    }

    mutating func advance(_ duration: Duration) {
        now = now + duration
        state.fireDeadlines(at: now)
        collect()
    }

    mutating func collect() {
        let effects = state.takeEffects()
        pushes += effects.pushes
        arrivals += effects.arrivals
    }

    mutating func call<Call: ParticipantOperation>(_ request: Call, _ token: String) throws(ServiceFault) -> Call.Response {
        defer { collect() }
        return try Self.value(of: state.answer(.success(request), token: token, at: now))
    }

    mutating func control<Call: ControlOperation>(_ request: Call) throws(ServiceFault) -> Call.Response {
        defer { collect() }
        return try Self.value(of: state.answer(.success(request), at: now))
    }

    private static func value<Value>(of answer: Answered<Value>) throws(ServiceFault) -> Value {
        guard let value = answer.value else { throw ServiceFault(.internalServer, message: "reset") }
        return value
    }
}

/// Somebody on the stage.
struct Actor {
    let id: ParticipantID
    let contact: ContactID
    let participantToken: String
    var token = ""
}

extension Stage {
    mutating func startChat(_ change: (inout StartChatContactRequest) -> Void = { _ in }) throws -> Actor {
        var request = StartChatContactRequest(
            instanceID: "instance",
            contactFlowID: "flow",
            participantDetails: ParticipantDetails(displayName: "Ada")
        )
        change(&request)
        let answer = try control(request)
        return Actor(id: answer.participantID, contact: answer.contactID, participantToken: answer.participantToken.exposed)
    }

    mutating func addBot(to contact: ContactID) throws -> Actor {
        let details = ParticipantDetails(displayName: "Bot", participantRole: .customBot)
        let answer = try control(CreateParticipantRequest(instanceID: "instance", contactID: contact, participantDetails: details))
        return Actor(id: answer.participantID, contact: contact, participantToken: answer.participantCredentials.participantToken.exposed)
    }

    mutating func add(_ role: ParticipantRole, to contact: ContactID) throws -> Actor {
        defer { collect() }
        let added = try state.add(NewParticipant(role: role), to: contact, at: now)
        return Actor(id: added.participantId, contact: contact, participantToken: added.participantToken.exposed)
    }

    /// Gets credentials; active where `joins`.
    mutating func connect(_ actor: Actor, joins: Bool = true) throws -> Actor {
        let request = CreateParticipantConnectionRequest(types: [.connectionCredentials], connectParticipant: joins)
        var actor = actor
        actor.token = try call(request, actor.participantToken).connectionCredentials?.connectionToken.exposed ?? ""
        return actor
    }

    mutating func openSocket(_ actor: Actor) throws -> SocketID {
        let url = try call(CreateParticipantConnectionRequest(types: [.websocket]), actor.participantToken).websocket?.url.exposed ?? ""
        return try openSocket(url: url)
    }

    mutating func openSocket(url: String) throws(ServiceFault) -> SocketID {
        defer { collect() }
        let ticket = try state.ticket(String(url.split(separator: "=").last ?? ""), at: now)
        return try state.openSocket(ticket, at: now)
    }

    mutating func subscribe(_ id: SocketID) {
        state.subscribe(id, to: [Topic.chat], at: now)
        collect()
    }

    mutating func say(_ text: String, _ actor: Actor, clientToken: ClientToken? = nil) throws -> ItemID? {
        try call(SendMessageRequest(contentType: .plainText, content: text, clientToken: clientToken), actor.token).id
    }

    /// Short names of the events, texts of the messages, types of the rest.
    func transcript(of contact: ContactID) -> [String] {
        (state.transcripts[contact]?.items ?? []).map { $0.contentType?.eventName ?? $0.content ?? $0.type.rawValue }
    }

    func received(by id: SocketID) -> [Item] {
        pushes.flatMap { push -> [Item] in
            guard case .frame(.item(let item), let receivers) = push else { return [] }
            return receivers.filter { $0 == id }.map { _ in item }
        }
    }

    var closedSockets: [SocketID] {
        pushes.flatMap { push -> [SocketID] in
            if case .close(let ids, _, _) = push { ids } else { [] }
        }
    }

    func presence(_ actor: Actor) -> Participant.Presence? {
        state.participants[actor.id]?.presence
    }
}
