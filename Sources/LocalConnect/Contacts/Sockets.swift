import ConnectWire
import Transport

/// The authority of a WebSocket URL. Soon is its only limit: ChatJS tries a URL again that did not open at once.
struct WebSocketTicket: Sendable {
    let participantID: ParticipantID
    let expiry: Timestamp
    /// Of the socket that it opens.
    let socketExpiry: Timestamp
}

extension ServiceState {
    func ticket(_ text: String, at now: Timestamp) throws(ServiceFault) -> WebSocketTicket {
        guard let ticket = tickets[TokenDigest(of: text)], now < ticket.expiry else { throw .accessDenied }
        _ = try participant(mayOpenSocketWith: ticket)
        return ticket
    }

    mutating func openSocket(_ ticket: WebSocketTicket, at now: Timestamp) throws(ServiceFault) -> SocketID {
        let participant = try participant(mayOpenSocketWith: ticket)
        let id = SocketID(rawValue: nextSocket)
        nextSocket += 1
        sockets[id] = Socket(id: id, participantID: participant.id, contactID: participant.contactID, lastHeard: now)
        socketsOfContact[participant.contactID, default: []].append(id)
        schedule(.socketExpires(id), at: ticket.socketExpiry)
        schedule(.socketMayBeIdle(id), at: now + rules.lifetimes.idleWebSocket)
        return id
    }

    private func participant(mayOpenSocketWith ticket: WebSocketTicket) throws(ServiceFault) -> Participant {
        guard let participant = participants[ticket.participantID], !participant.hasLeft else { throw .accessDenied }
        let open = socketsOfContact[participant.contactID, default: []].count { sockets[$0]?.participantID == participant.id }
        guard open < rules.maximumSockets else {
            throw ServiceFault(.accessDenied, message: "a participant may have \(rules.maximumSockets) open WebSockets, and has them")
        }
        return participant
    }

    /// Clients send heartbeats, so silence means that nobody is there.
    mutating func hear(_ id: SocketID, at now: Timestamp) {
        sockets[id]?.lastHeard = now
    }

    /// From here on the socket receives items. The first subscription is what connects a participant.
    mutating func subscribe(_ id: SocketID, to topics: [String], at now: Timestamp) {
        guard let socket = sockets[id] else { return }
        let succeeds = topics.contains(Topic.chat)
        effects.pushes.append(.frame(.subscription(succeeded: succeeds, topics: topics), to: [id]))
        guard succeeds else { return }
        sockets[id]?.isSubscribed = true
        join(socket.participantID, at: now)
    }
}
