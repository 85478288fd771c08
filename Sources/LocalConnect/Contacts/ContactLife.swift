import ConnectWire
import Transport

// How participants come and go, and how a contact ends.
extension ServiceState {
    /// Notes that a participant has a connection, so that nobody waits for it any more.
    mutating func connect(_ id: ParticipantID) {
        guard var participant = participants[id], case .expected = participant.presence else { return }
        participant.presence = .connected
        save(participant)
        undelivered[id] = nil
    }

    /// Makes a participant an active one, whom the others see. Harmless when it is already.
    mutating func join(_ id: ParticipantID, at now: Timestamp) {
        guard var participant = participants[id], !participant.isActive, !participant.hasLeft,
            let contact = contacts[participant.contactID]
        else { return }
        participant.presence = .joined
        save(participant)
        undelivered[id] = nil
        post(ItemDraft(event: .participantJoined), by: .participant(participant), in: contact, at: now)
        if participant.role == .agent { dismissBots(of: contact, at: now) }
    }

    /// A custom participant leaves when an agent joins.
    private mutating func dismissBots(of contact: Contact, at now: Timestamp) {
        for bot in presentParticipants(of: contact.id) where bot.role == .customBot {
            leave(bot.id, at: now)
        }
    }

    /// Takes a participant out: its tokens are void and its sockets closed. The contact goes on.
    mutating func leave(_ id: ParticipantID, at now: Timestamp) {
        guard let contact = announceLeaving(id, at: now) else { return }
        revokeAll(of: id)
        close(
            socketsOfContact[contact.id, default: []].filter { sockets[$0]?.participantID == id },
            .normal,
            reason: "the participant left"
        )
    }

    /// Ends the contact; `leaver` is who ended it by leaving.
    mutating func end(_ id: ContactID, leaver: ParticipantID? = nil, at now: Timestamp) {
        guard var contact = contacts[id], !contact.isEnded else { return }
        if let leaver { _ = announceLeaving(leaver, at: now) }
        post(ItemDraft(event: .chatEnded), by: .service, in: contact, at: now)
        contact.endedAt = now
        save(contact)
        for participant in presentParticipants(of: id) {
            var participant = participant
            participant.presence = .left
            save(participant)
        }
        for participant in participantsOfContact[id, default: []] {
            revokeAll(of: participant)
            // Its calls are refused from here on, repeats or not.
            for key in outcomesOfScope[participant.rawValue, default: []] { forget(key) }
        }
        schedule(.endedContactLosesSockets(id), at: now + rules.lifetimes.socketsAfterEnd)
    }

    /// - Returns: The contact; nil where there is nobody to leave.
    private mutating func announceLeaving(_ id: ParticipantID, at now: Timestamp) -> Contact? {
        guard var participant = participants[id], !participant.hasLeft, let contact = contacts[participant.contactID] else { return nil }
        let wasActive = participant.isActive
        participant.presence = .left
        save(participant)
        if wasActive { post(ItemDraft(event: .participantLeft), by: .participant(participant), in: contact, at: now) }
        return contact
    }

    private mutating func revokeAll(of id: ParticipantID) {
        for digest in grantsOfParticipant[id, default: []] { revoke(digest) }
    }

    /// Those who have not left, in the order in which they came.
    func presentParticipants(of id: ContactID) -> [Participant] {
        participantsOfContact[id, default: []].compactMap { participants[$0] }.filter { !$0.hasLeft }
    }

    func activeParticipants(of id: ContactID) -> [Participant] {
        presentParticipants(of: id).filter(\.isActive)
    }
}
