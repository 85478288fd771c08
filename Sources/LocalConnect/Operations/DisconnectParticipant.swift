import ConnectWire

extension DisconnectParticipantRequest: ParticipantOperation {
    func validate() throws(ServiceFault) {
        try Constraints.length(clientToken?.rawValue, 0...500, "ClientToken")
    }

    /// A chat does not outlive its customer or its agent; bots and supervisors come and go.
    func perform(in state: inout ServiceState, by caller: Caller, at now: Timestamp) throws(ServiceFault) -> EmptyResponse {
        switch caller.participant.role {
        case .customer, .agent: state.end(caller.contact.id, leaver: caller.participant.id, at: now)
        default: state.leave(caller.participant.id, at: now)
        }
        return EmptyResponse()
    }
}
