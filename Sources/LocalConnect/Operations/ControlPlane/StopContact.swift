import ConnectWire

extension StopContactRequest: ControlOperation {
    static var quota: QuotaName { .stopContact }
    static var throttled: ServiceFault.Kind { .throttling }

    func validate() throws(ServiceFault) {
        try Constraints.length(contactID.rawValue, 1...256, "ContactId")
    }

    func perform(in state: inout ServiceState, at now: Timestamp) throws(ServiceFault) -> EmptyResponse {
        let contact = try state.contact(contactID, of: instanceID)
        guard !contact.isEnded else { throw ServiceFault(.contactNotFound, status: 410, message: "the contact has ended") }
        state.end(contact.id, at: now)
        return EmptyResponse()
    }
}
