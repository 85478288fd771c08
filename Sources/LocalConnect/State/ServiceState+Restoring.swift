import ConnectWire

extension ServiceState {
    /// Takes in a record as it was kept.
    mutating func restore(_ change: Change) {
        switch change {
        case .contact(let contact): save(contact)
        case .participant(let participant): save(participant)
        case .attachment(let attachment): save(attachment)
        case .grant(let grant): save(grant)
        case .outcome(let outcome): save(outcome)
        case .item(let item, _, let contact): append(item, to: contact)
        case .revocation(let digest): revoke(digest)
        case .oblivion(let key): forget(key)
        }
        // It is nothing new.
        effects = Effects()
    }

    /// Sets the clocks that the records ask for. What should have happened meanwhile is due at once.
    mutating func resume(at now: Timestamp) {
        for contact in contacts.values where !contact.isEnded { schedule(.chatIsOver(contact.id), at: contact.endsAt) }
        for participant in participants.values {
            if case .expected(let until) = participant.presence { schedule(.participantMustConnect(participant.id), at: until) }
        }
        for attachment in attachments.values {
            if case .scanning = attachment.stage { schedule(.scanIsDone(attachment.id), at: now + rules.scan.delay) }
        }
        for outcome in outcomes.values { schedule(.outcomeIsForgotten(outcome.key), at: outcome.expiry) }
    }
}
