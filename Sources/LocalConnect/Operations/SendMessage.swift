import ConnectWire

extension SendMessageRequest: ParticipantOperation {
    func validate() throws(ServiceFault) {
        try Constraints.length(contentType.rawValue, 1...100, "ContentType")
        try Constraints.length(content, 1...16_384, "Content")
        try Constraints.length(clientToken?.rawValue, 0...500, "ClientToken")
        try Constraints.member(contentType, of: ContentType.messages, "ContentType")
        if contentType.isJSON { try checkJSON() }
    }

    private func checkJSON() throws(ServiceFault) {
        do throws(JSONSyntaxError) {
            try JSONSyntax.check(Array(content.utf8))
        } catch {
            throw ServiceFault(.validation, message: "Content of the type \(contentType) must be JSON: \(error)")
        }
    }

    func perform(in state: inout ServiceState, by caller: Caller, at now: Timestamp) throws(ServiceFault) -> SendResponse {
        try Constraints.length(content, 1...state.rules.messageLength.maximum(of: contentType), "Content of the type \(contentType)")
        if let allowed = caller.contact.contentTypes { try Constraints.member(contentType, of: allowed, "ContentType") }
        let call = Repeatable(self, token: clientToken, scope: caller.participant.id.rawValue, operation: Self.operation.rawValue)
        if case .sent(let id, let time)? = try state.earlierResult(of: call, at: now) { return SendResponse(id: id, absoluteTime: time) }
        let draft = ItemDraft(message: content, contentType: contentType)
        let item = state.post(draft, by: .participant(caller.participant), in: caller.contact, at: now)
        state.remember(.sent(item.id, item.absoluteTime), of: call, at: now)
        return SendResponse(id: item.id, absoluteTime: item.absoluteTime)
    }
}

extension ContentType {
    /// Whether a message of this type is a JSON text.
    fileprivate var isJSON: Bool {
        [.json, .interactive, .interactiveResponse].contains(self)
    }
}
