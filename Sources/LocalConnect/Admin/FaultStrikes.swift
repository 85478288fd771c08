import ConnectWire
import Transport

/// An answer, and what becomes of it on its way.
struct Answered<Value: Sendable>: Sendable {
    /// Nil where the connection broke before anything happened.
    let value: Value?
    let isLost: Bool
    let delay: Duration?
}

extension ServiceState {
    /// Runs a call with what strikes it. `signsExpiredURLs` says to the call that the URLs it signs have expired.
    mutating func striking<Value: Sendable>(
        _ operation: String,
        in contact: ContactID?,
        by role: ParticipantRole? = nil,
        _ call: (inout ServiceState) throws(ServiceFault) -> Value
    ) throws(ServiceFault) -> Answered<Value> {
        let strike = faults.strike(operation, in: contact, by: role)
        if let status = strike.status {
            throw ServiceFault(.init(status: status), status: status, message: "a fault that was asked for")
        }
        if strike.effects.contains(.reset) { return Answered(value: nil, isLost: true, delay: nil) }
        signsExpiredURLs = strike.effects.contains(.expireURLs)
        defer { signsExpiredURLs = false }
        let value = try call(&self)
        for effect in strike.effects { apply(effect, in: contact, to: role) }
        return Answered(value: value, isLost: strike.effects.contains(.loseResponse), delay: strike.delay)
    }

    /// What is done to a contact, or to all, beside calls.
    mutating func apply(_ effect: Fault.Effect, in contact: ContactID?, to role: ParticipantRole?) {
        switch effect {
        case .dropSockets: close(sockets(of: contact, role), .internalError, reason: "a fault that was asked for")
        case .silenceSockets: effects.pushes.append(.silence(sockets(of: contact, role)))
        case .expireTokens:
            for grant in grants.values where grant.kind == .connection && isMeant(grant.participantID, contact, role) {
                revoke(grant.digest)
            }
        case .forgetClientTokens:
            for key in outcomes.keys where isMeant(ParticipantID(key.scope), contact, role) { forget(key) }
        default: break
        }
    }

    private func sockets(of contact: ContactID?, _ role: ParticipantRole?) -> [SocketID] {
        sockets.values.filter { isMeant($0.participantID, contact, role) }.map(\.id).sorted { $0.rawValue < $1.rawValue }
    }

    private func isMeant(_ id: ParticipantID, _ contact: ContactID?, _ role: ParticipantRole?) -> Bool {
        guard let participant = participants[id] else { return contact == nil && role == nil }
        return (contact == nil || participant.contactID == contact) && (role == nil || participant.role == role)
    }

    /// When a URL is signed: now, or so long ago that it has expired.
    func signingTime(at now: Timestamp, lifetime: Duration) -> Timestamp {
        signsExpiredURLs ? now + (.zero - lifetime - .seconds(1)) : now
    }
}
