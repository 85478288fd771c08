import ConnectWire
import Transport

extension ServiceState {
    /// Does everything whose time has come.
    mutating func fireDeadlines(at now: Timestamp) {
        while let deadline = popDeadline(at: now) { fire(deadline, at: now) }
    }

    private mutating func fire(_ deadline: Deadline, at now: Timestamp) {
        switch deadline {
        case .participantMustConnect(let id):
            guard let participant = participants[id], case .expected(let until) = participant.presence, until <= now else { return }
            if participant.role == .customer {
                end(participant.contactID, at: now)
            } else {
                leave(id, at: now)
            }
        case .chatIsOver(let id):
            end(id, at: now)
        case .scanIsDone(let id):
            finishScan(of: id, at: now)
        case .socketURLExpires(let digest):
            tickets[digest] = nil
        case .socketMayBeIdle(let id):
            guard let socket = sockets[id] else { return }
            let idleAt = socket.lastHeard + rules.lifetimes.idleWebSocket
            if idleAt <= now {
                close([id], .goingAway, reason: "nothing was heard from the client")
            } else {
                schedule(.socketMayBeIdle(id), at: idleAt)
            }
        case .socketExpires(let id):
            guard sockets[id] != nil else { return }
            close([id], .goingAway, reason: "the connection has expired; create a new one")
        case .endedContactLosesSockets(let id):
            close(socketsOfContact[id, default: []], .normal, reason: "the chat has ended")
        case .outcomeIsForgotten(let key):
            guard let outcome = outcomes[key], outcome.expiry <= now else { return }
            forget(key)
        case .lateFramesAreDue:
            pushLateFrames()
        }
    }
}
