import ConnectWire

/// A contact as the operator sees it. No tokens.
struct ContactReport: Encodable, Sendable {
    var contactId: ContactID
    var initialContactId: ContactID
    var instanceId: InstanceID
    var contactFlowId: ContactFlowID
    var attributes: [String: String]
    var startedAt: Timestamp
    var endedAt: Timestamp?
    var items: Int
    var participants: [ParticipantReport]
}

struct ParticipantReport: Encodable, Sendable {
    var participantId: ParticipantID
    var role: ParticipantRole
    var displayName: String
    /// expected, connected, joined or left.
    var presence: String
    var sockets: Int
}

extension ServiceState {
    var contactReports: [ContactReport] {
        contacts.values.sorted { ($0.startedAt, $0.id.rawValue) < ($1.startedAt, $1.id.rawValue) }.map(report)
    }

    private func report(_ contact: Contact) -> ContactReport {
        ContactReport(
            contactId: contact.id,
            initialContactId: contact.initialContactID,
            instanceId: contact.instanceID,
            contactFlowId: contact.flowID,
            attributes: contact.attributes,
            startedAt: contact.startedAt,
            endedAt: contact.endedAt,
            items: transcripts[contact.id]?.items.count ?? 0,
            participants: participantsOfContact[contact.id, default: []].compactMap { participants[$0] }.map(report)
        )
    }

    private func report(_ participant: Participant) -> ParticipantReport {
        let presence =
            switch participant.presence {
            case .expected: "expected"
            case .connected: "connected"
            case .joined: "joined"
            case .left: "left"
            }
        return ParticipantReport(
            participantId: participant.id,
            role: participant.role,
            displayName: participant.displayName,
            presence: presence,
            sockets: socketsOfContact[participant.contactID, default: []].count { sockets[$0]?.participantID == participant.id }
        )
    }
}
