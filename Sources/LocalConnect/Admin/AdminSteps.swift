import ConnectWire

/// Somebody for whom no API of the real service makes a token here.
struct NewParticipant: Decodable, Sendable {
    var role: ParticipantRole
    var displayName: String?

    private enum CodingKeys: CodingKey, CaseIterable {
        case role
        case displayName
    }
}

extension NewParticipant {
    init(from decoder: any Decoder) throws {
        try decoder.refuseMembers(besides: CodingKeys.self)
        let container = try decoder.container(keyedBy: CodingKeys.self)
        role = try container.decode(ParticipantRole.self, forKey: .role)
        displayName = try container.decodeIfPresent(String.self, forKey: .displayName)
    }
}

struct ScanVerdicts: Decodable, Sendable {
    var verdicts: [AttachmentStatus]
}

struct AddedParticipant: Encodable, Sendable {
    let participantId: ParticipantID
    let participantToken: ParticipantToken
}

struct AuthenticationSession: Encodable, Sendable {
    let sessionId: String
}

extension ServiceState {
    func adminContact(_ id: ContactID) throws(ServiceFault) -> Contact {
        guard let contact = contacts[id] else { throw ServiceFault(.resourceNotFound, message: "there is no contact '\(id)'") }
        return contact
    }

    mutating func add(_ request: NewParticipant, to id: ContactID, at now: Timestamp) throws(ServiceFault) -> AddedParticipant {
        try Constraints.member(request.role, of: [.agent, .supervisor], "role")
        let name = request.displayName ?? (request.role == .agent ? "Agent" : "Supervisor")
        try Constraints.length(name, 1...256, "displayName")
        guard try !adminContact(id).isEnded else { throw ServiceFault(.conflict, message: "the contact has ended") }
        let patience = rules.lifetimes.customerConnectsWithin
        let participant = addParticipant(request.role, named: name, to: id, connectsWithin: patience, at: now)
        return AddedParticipant(participantId: participant.id, participantToken: mint.participantToken(for: participant.id))
    }

    mutating func startAuthentication(in id: ContactID, at now: Timestamp) throws(ServiceFault) -> AuthenticationSession {
        var contact = try adminContact(id)
        guard !contact.isEnded else { throw ServiceFault(.conflict, message: "the contact has ended") }
        let session = random.uuid()
        contact.authenticationSessions.insert(session)
        save(contact)
        post(ItemDraft(authentication: "initiated", session: session), by: .service, in: contact, at: now)
        return AuthenticationSession(sessionId: session)
    }

    mutating func finishAuthentication(_ session: String, at now: Timestamp) throws(ServiceFault) {
        guard var contact = contacts.values.first(where: { $0.authenticationSessions.contains(session) && !$0.isEnded }) else {
            throw ServiceFault(.resourceNotFound, message: "there is no such authentication session")
        }
        contact.authenticationSessions.remove(session)
        save(contact)
        post(ItemDraft(authentication: "succeeded", session: session), by: .service, in: contact, at: now)
    }

    /// Sockets and tokens are struck at once where no operation is named; everything else waits.
    mutating func ask(for fault: Fault) {
        switch fault.effect {
        case .dropSockets where fault.operation == nil, .silenceSockets where fault.operation == nil,
            .expireTokens where fault.operation == nil, .forgetClientTokens where fault.operation == nil:
            apply(fault.effect, in: fault.contact, to: fault.role)
        default: faults.add(fault)
        }
    }
}
