import ConnectWire

extension CreateParticipantRequest: ControlOperation {
    static var quota: QuotaName { .createParticipant }
    static var throttled: ServiceFault.Kind { .throttling }

    func validate() throws(ServiceFault) {
        try Constraints.length(contactID.rawValue, 1...256, "ContactId")
        try Constraints.length(clientToken?.rawValue, 0...500, "ClientToken")
        try Constraints.length(participantDetails.displayName, 1...256, "ParticipantDetails.DisplayName")
        guard participantDetails.participantRole == .customBot else {
            throw ServiceFault(.validation, message: "ParticipantDetails.ParticipantRole must be CUSTOM_BOT for a chat")
        }
    }

    /// One custom participant a contact, and none while an agent is there.
    func perform(in state: inout ServiceState, at now: Timestamp) throws(ServiceFault) -> CreateParticipantResponse {
        let contact = try state.contact(contactID, of: instanceID)
        let call = Repeatable(self, token: clientToken, scope: instanceID.rawValue, operation: "CreateParticipant")
        if case .participantCreated(let id)? = try state.earlierResult(of: call, at: now) { return answer(for: id, in: contact, state) }
        guard !contact.isEnded else { throw ServiceFault(.invalidRequest, status: 400, message: "the contact has ended") }
        for participant in state.presentParticipants(of: contact.id) {
            switch participant.role {
            case .customBot: throw ServiceFault(.conflict, message: "the contact has a custom participant; it may have one")
            case .agent: throw ServiceFault(.conflict, message: "a custom participant cannot be added while an agent is in the contact")
            default: break
            }
        }
        let participant = state.addParticipant(
            .customBot,
            named: participantDetails.displayName,
            to: contact.id,
            connectsWithin: state.rules.lifetimes.customBotConnectsWithin,
            at: now
        )
        state.remember(.participantCreated(participant.id), of: call, at: now)
        return answer(for: participant.id, in: contact, state)
    }

    private func answer(for id: ParticipantID, in contact: Contact, _ state: ServiceState) -> CreateParticipantResponse {
        // The token lives as long as the participant, which the chat's end bounds.
        let credentials = ParticipantTokenCredentials(participantToken: state.mint.participantToken(for: id), expiry: contact.endsAt)
        return CreateParticipantResponse(participantCredentials: credentials, participantID: id)
    }
}
