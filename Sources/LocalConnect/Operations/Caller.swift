import ConnectWire

/// Who makes a call: a participant that is still there, in a contact that goes on.
struct Caller: Sendable {
    let participant: Participant
    let contact: Contact
    let grant: TokenGrant
}

extension ServiceFault {
    /// One answer to every token that does not open the door, so that nobody learns why.
    static var accessDenied: Self { Self(.accessDenied, message: "Access denied") }
}

extension ServiceState {
    /// - Throws: Access denied for a token that is unknown, expired, void or of the other kind.
    func caller(with token: String?, kind: TokenKind, at now: Timestamp) throws(ServiceFault) -> Caller {
        guard let token, let grant = grants[TokenDigest(of: token)], grant.kind == kind, grant.isValid(at: now),
            let participant = participants[grant.participantID], !participant.hasLeft,
            let contact = contacts[participant.contactID], !contact.isEnded
        else { throw .accessDenied }
        return Caller(participant: participant, contact: contact, grant: grant)
    }
}
