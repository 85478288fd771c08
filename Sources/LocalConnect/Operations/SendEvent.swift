import ConnectWire

extension SendEventRequest: ParticipantOperation {
    func validate() throws(ServiceFault) {
        try Constraints.length(contentType.rawValue, 1...100, "ContentType")
        // ChatJS sends an empty content with typing events, which the model's minimum of 1 forbids.
        try Constraints.length(content, 0...16_384, "Content")
        try Constraints.length(clientToken?.rawValue, 0...500, "ClientToken")
        try Constraints.member(contentType, of: ContentType.sendableEvents, "ContentType")
        if receiptKind != nil { _ = try receiptMessageID() }
    }

    func perform(in state: inout ServiceState, by caller: Caller, at now: Timestamp) throws(ServiceFault) -> SendResponse {
        // ChatJS gives all receipts of a kind one client token, so receipts are never taken for repeats.
        if let receiptKind {
            return try state.receive(receiptKind, of: receiptMessageID(), by: caller, at: now)
        }
        let call = Repeatable(self, token: clientToken, scope: caller.participant.id.rawValue, operation: Self.operation.rawValue)
        if case .sent(let id, let time)? = try state.earlierResult(of: call, at: now) { return SendResponse(id: id, absoluteTime: time) }
        let item = state.passOn(contentType, by: caller, at: now)
        state.remember(.sent(item.id, item.absoluteTime), of: call, at: now)
        return SendResponse(id: item.id, absoluteTime: item.absoluteTime)
    }

    private var receiptKind: ReceiptKind? {
        switch contentType {
        case .messageDelivered: .delivered
        case .messageRead: .read
        default: nil
        }
    }

    private func receiptMessageID() throws(ServiceFault) -> ItemID {
        struct Content: Decodable {
            var messageId: String
        }
        guard let content, let fields = try? decodeBody(Content.self, from: Array(content.utf8)), !fields.messageId.isEmpty else {
            throw ServiceFault(.validation, message: #"Content of a receipt must be JSON like {"messageId":"..."}"#)
        }
        return ItemID(fields.messageId)
    }
}

extension ServiceState {
    /// Typing is shown to the others and kept by nobody; an acknowledgement only connects.
    fileprivate mutating func passOn(_ contentType: ContentType, by caller: Caller, at now: Timestamp) -> Item {
        let item = makeItem(ItemDraft(event: contentType), by: .participant(caller.participant), in: caller.contact, at: now)
        switch contentType {
        case .typing: push(item, in: caller.contact.id, except: rules.echoesTypingToSender ? nil : caller.participant.id)
        default: join(caller.participant.id, at: now)
        }
        return item
    }
}
