import ConnectWire

/// All that the service knows. Pure: it changes by what it is asked, at the time it is told, and says in its effects what the world has to do.
///
/// Steps check everything before they change anything, so a fault leaves the state as it was.
struct ServiceState: Sendable {
    var rules: ServiceRules
    let mint: TokenMint
    var random: any RandomNumberGenerator & Sendable
    /// Where clients reach the service: `http://127.0.0.1:8080`.
    var endpoint = ""

    private(set) var contacts: [ContactID: Contact] = [:]
    private(set) var participants: [ParticipantID: Participant] = [:]
    /// In the order in which they came.
    private(set) var participantsOfContact: [ContactID: [ParticipantID]] = [:]
    private(set) var transcripts: [ContactID: Transcript] = [:]
    private(set) var attachments: [AttachmentID: Attachment] = [:]
    private(set) var attachmentsOfContact: [ContactID: [AttachmentID]] = [:]
    private(set) var grants: [TokenDigest: TokenGrant] = [:]
    private(set) var grantsOfParticipant: [ParticipantID: Set<TokenDigest>] = [:]
    private(set) var outcomes: [OutcomeKey: Outcome] = [:]
    private(set) var outcomesOfScope: [String: Set<OutcomeKey>] = [:]

    /// Of this process alone: a restart closes sockets and forgets unused WebSocket URLs.
    var sockets: [SocketID: Socket] = [:]
    var socketsOfContact: [ContactID: [SocketID]] = [:]
    var nextSocket = 0
    var tickets: [TokenDigest: WebSocketTicket] = [:]
    var throttle: Throttle
    var faults = Faults()
    /// Frames that a fault holds back.
    var lateFrames: [LateFrame] = []
    /// While a call is struck by ``Fault/Effect/expireURLs``.
    var signsExpiredURLs = false
    var undelivered: [ParticipantID: UndeliveredArrival] = [:]

    private(set) var deadlines = Deadlines()
    var effects = Effects()

    init(rules: ServiceRules, key: ServiceKey, random: any RandomNumberGenerator & Sendable) {
        self.rules = rules
        mint = TokenMint(key: key)
        self.random = random
        throttle = Throttle(rules.quotas)
        for fault in rules.faults { faults.add(fault) }
    }

    mutating func takeEffects() -> Effects {
        let taken = effects
        effects = Effects()
        return taken
    }
}

// Every record is written through one of these, which also note the change.
extension ServiceState {
    mutating func save(_ contact: Contact) {
        contacts[contact.id] = contact
        effects.changes.append(.contact(contact))
    }

    mutating func save(_ participant: Participant) {
        if participants.updateValue(participant, forKey: participant.id) == nil {
            participantsOfContact[participant.contactID, default: []].append(participant.id)
        }
        effects.changes.append(.participant(participant))
    }

    mutating func save(_ attachment: Attachment) {
        if attachments.updateValue(attachment, forKey: attachment.id) == nil {
            attachmentsOfContact[attachment.contactID, default: []].append(attachment.id)
        }
        effects.changes.append(.attachment(attachment))
    }

    mutating func save(_ grant: TokenGrant) {
        grants[grant.digest] = grant
        grantsOfParticipant[grant.participantID, default: []].insert(grant.digest)
        effects.changes.append(.grant(grant))
    }

    mutating func revoke(_ digest: TokenDigest) {
        guard let grant = grants.removeValue(forKey: digest) else { return }
        grantsOfParticipant[grant.participantID]?.remove(digest)
        if grantsOfParticipant[grant.participantID]?.isEmpty == true { grantsOfParticipant[grant.participantID] = nil }
        effects.changes.append(.revocation(digest))
    }

    mutating func save(_ outcome: Outcome) {
        outcomes[outcome.key] = outcome
        outcomesOfScope[outcome.key.scope, default: []].insert(outcome.key)
        effects.changes.append(.outcome(outcome))
    }

    mutating func forget(_ key: OutcomeKey) {
        guard outcomes.removeValue(forKey: key) != nil else { return }
        outcomesOfScope[key.scope]?.remove(key)
        if outcomesOfScope[key.scope]?.isEmpty == true { outcomesOfScope[key.scope] = nil }
        effects.changes.append(.oblivion(key))
    }

    mutating func append(_ item: Item, to contact: ContactID) {
        let number = transcripts[contact, default: Transcript()].append(item)
        effects.changes.append(.item(item, number: number, of: contact))
    }

    mutating func replaceItem(_ number: Int, of contact: ContactID, with item: Item) {
        transcripts[contact]?.replace(number, with: item)
        effects.changes.append(.item(item, number: number, of: contact))
    }

    mutating func nextTime(in contact: ContactID, at now: Timestamp) -> Timestamp {
        transcripts[contact, default: Transcript()].nextTime(at: now)
    }

    mutating func schedule(_ deadline: Deadline, at time: Timestamp) {
        deadlines.add(deadline, at: time)
    }

    var nextDeadline: Timestamp? { deadlines.next }

    mutating func popDeadline(at now: Timestamp) -> Deadline? {
        deadlines.popDue(at: now)
    }
}
