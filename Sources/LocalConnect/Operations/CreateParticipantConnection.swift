import ConnectWire

extension CreateParticipantConnectionRequest: ParticipantOperation {
    static var tokenKind: TokenKind { .participant }

    func validate() throws(ServiceFault) {
        guard let types else { return }
        if types.isEmpty { throw ServiceFault(.validation, message: "Type must have at least one entry, or be absent") }
        for type in types {
            try Constraints.member(type, of: [.websocket, .connectionCredentials, .webRTCConnection], "Type")
        }
    }

    func perform(
        in state: inout ServiceState,
        by caller: Caller,
        at now: Timestamp
    ) throws(ServiceFault) -> CreateParticipantConnectionResponse {
        let types = types ?? []
        if types.contains(.webRTCConnection) {
            throw ServiceFault(.validation, message: "Type WEBRTC_CONNECTION is for calls; this contact is a chat")
        }
        if types.contains(.websocket), caller.participant.role == .customBot, !state.rules.customBotMayUseWebSocket {
            throw ServiceFault(.accessDenied, message: "a CUSTOM_BOT may not use Type WEBSOCKET")
        }
        var response = CreateParticipantConnectionResponse()
        if types.contains(.websocket) { response.websocket = state.issueWebSocketAccess(to: caller.participant, at: now) }
        if types.contains(.connectionCredentials) {
            response.connectionCredentials = state.issueConnectionCredentials(to: caller.participant, at: now)
        }
        state.connect(caller.participant.id)
        if connectParticipant == true { state.join(caller.participant.id, at: now) }
        return response
    }
}

extension ServiceState {
    fileprivate mutating func issueWebSocketAccess(to participant: Participant, at now: Timestamp) -> WebsocketAccess {
        let ticket = mint.websocketTicket(using: &random)
        let expiry = now + rules.lifetimes.websocket
        let ticketExpiry = signingTime(at: now, lifetime: rules.lifetimes.websocketURL) + rules.lifetimes.websocketURL
        let digest = TokenDigest(of: ticket)
        tickets[digest] = WebSocketTicket(participantID: participant.id, expiry: ticketExpiry, socketExpiry: expiry)
        schedule(.socketURLExpires(digest), at: ticketExpiry)
        let address = endpoint.replacing("http://", with: "ws://", maxReplacements: 1)
        return WebsocketAccess(url: SignedURL("\(address)/ws?token=\(ticket)"), connectionExpiry: expiry)
    }

    fileprivate mutating func issueConnectionCredentials(to participant: Participant, at now: Timestamp) -> ConnectionCredentials {
        for digest in grantsOfParticipant[participant.id, default: []] {
            guard let grant = grants[digest], grant.kind == .connection else { continue }
            if !rules.oldConnectionTokensStayValid || !grant.isValid(at: now) { revoke(digest) }
        }
        let token = mint.connectionToken(using: &random)
        let expiry = now + rules.lifetimes.connectionToken
        save(TokenGrant(digest: TokenDigest(of: token.exposed), kind: .connection, participantID: participant.id, expiry: expiry))
        return ConnectionCredentials(connectionToken: token, expiry: expiry)
    }
}
