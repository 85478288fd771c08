import ConnectWire
import Transport

/// An answer, and whether it gets lost on its way.
struct Answered<Value: Sendable>: Sendable {
    let value: Value
    let isLost: Bool
}

extension ServiceState {
    /// Runs a call with what strikes it. `expiredURLs` says to the call that the URLs it signs have expired.
    mutating func striking<Value: Sendable>(
        _ operation: String,
        in contact: ContactID?,
        _ call: (inout ServiceState) throws(ServiceFault) -> Value
    ) throws(ServiceFault) -> Answered<Value> {
        let strike = faults.strike(operation, in: contact)
        if let status = strike.status {
            throw ServiceFault(.init(status: status), status: status, message: "a fault that was asked for")
        }
        signsExpiredURLs = strike.effects.contains(.expireURLs)
        defer { signsExpiredURLs = false }
        let value = try call(&self)
        if strike.effects.contains(.dropSockets) { dropSockets(of: contact) }
        if strike.effects.contains(.expireTokens) { expireConnectionTokens(of: contact) }
        return Answered(value: value, isLost: strike.effects.contains(.loseResponse))
    }

    /// Closes the sockets of one contact, or of all.
    mutating func dropSockets(of contact: ContactID?) {
        let ids = contact.map { socketsOfContact[$0, default: []] } ?? Array(sockets.keys)
        close(ids, .internalError, reason: "a fault that was asked for")
    }

    mutating func expireConnectionTokens(of contact: ContactID?) {
        for grant in grants.values where grant.kind == .connection {
            if contact == nil || participants[grant.participantID]?.contactID == contact { revoke(grant.digest) }
        }
    }

    /// When a URL is signed: now, or so long ago that it has expired.
    func signingTime(at now: Timestamp, lifetime: Duration) -> Timestamp {
        signsExpiredURLs ? now + (.zero - lifetime - .seconds(1)) : now
    }
}
