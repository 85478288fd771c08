import ConnectWire
import FoundationEssentials

extension GetAuthenticationUrlRequest: ParticipantOperation {
    func validate() throws(ServiceFault) {
        try Constraints.length(sessionID, 36...36, "SessionId")
        try Constraints.length(redirectURI, 1...1024, "RedirectUri")
        try Constraints.noControlCharacters(redirectURI, "RedirectUri")
    }

    func perform(in state: inout ServiceState, by caller: Caller, at now: Timestamp) throws(ServiceFault) -> GetAuthenticationUrlResponse {
        try caller.contact.checkAuthenticationSession(sessionID)
        let redirect = PercentEncoding.encode(redirectURI)
        let url = "\(state.endpoint)/local/authenticate?session=\(sessionID)&redirect_uri=\(redirect)"
        guard url.utf8.count <= 2083 else { throw ServiceFault(.validation, message: "RedirectUri is too long for an authentication URL") }
        return GetAuthenticationUrlResponse(authenticationURL: SignedURL(url))
    }
}

extension CancelParticipantAuthenticationRequest: ParticipantOperation {
    func validate() throws(ServiceFault) {
        try Constraints.length(sessionID, 36...36, "SessionId")
    }

    func perform(in state: inout ServiceState, by caller: Caller, at now: Timestamp) throws(ServiceFault) -> EmptyResponse {
        try caller.contact.checkAuthenticationSession(sessionID)
        var contact = caller.contact
        contact.authenticationSessions.remove(sessionID)
        state.save(contact)
        state.post(ItemDraft(authentication: "cancelled", session: sessionID), by: .service, in: contact, at: now)
        return EmptyResponse()
    }
}

extension Contact {
    fileprivate func checkAuthenticationSession(_ id: String) throws(ServiceFault) {
        guard authenticationSessions.contains(id) else {
            throw ServiceFault(.validation, message: "SessionId names no authentication session of this chat")
        }
    }
}

extension ItemDraft {
    /// The session id is ours or was checked, so it needs no escapes.
    init(authentication step: String, session: String) {
        self.init(event: .event("authentication.\(step)"), content: #"{"SessionId":"\#(session)"}"#)
    }
}
