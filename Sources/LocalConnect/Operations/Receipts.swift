import ConnectWire

enum ReceiptKind {
    case delivered
    case read
}

extension ServiceState {
    mutating func receive(_ kind: ReceiptKind, of id: ItemID, by caller: Caller, at now: Timestamp) throws(ServiceFault) -> SendResponse {
        guard activeParticipants(of: caller.contact.id).count <= 2 else {
            throw ServiceFault(.conflict, message: "receipts are not supported with more than two active participants")
        }
        guard let number = transcripts[caller.contact.id]?.number(of: id), let message = transcripts[caller.contact.id]?.items[number]
        else {
            throw ServiceFault(.validation, message: "the receipt names a message that this chat does not have")
        }
        let metadata = MessageMetadata(messageID: id, receipts: [receipt(kind, of: message, by: caller.participant.id, at: now)])
        let item = makeItem(ItemDraft(receipts: metadata), by: .participant(caller.participant), in: caller.contact, at: now)
        keep(item, of: number, in: caller.contact.id)
        push(item, in: caller.contact.id)
        return SendResponse(id: item.id, absoluteTime: item.absoluteTime)
    }

    /// This participant's receipt with what it said before.
    private func receipt(_ kind: ReceiptKind, of message: Item, by id: ParticipantID, at now: Timestamp) -> Receipt {
        var receipt = message.messageMetadata?.receipts?.first { $0.recipientParticipantID == id } ?? Receipt(recipientParticipantID: id)
        switch kind {
        case .delivered:
            receipt.deliveredTimestamp = receipt.deliveredTimestamp ?? now
        case .read:
            receipt.readTimestamp = receipt.readTimestamp ?? now
        }
        return receipt
    }

    private mutating func keep(_ item: Item, of number: Int, in contact: ContactID) {
        guard var message = transcripts[contact]?.items[number], let receipt = item.messageMetadata?.receipts?.first else { return }
        var metadata = message.messageMetadata ?? MessageMetadata(messageID: message.id)
        metadata.receipts = (metadata.receipts ?? []).filter { $0.recipientParticipantID != receipt.recipientParticipantID } + [receipt]
        message.messageMetadata = metadata
        replaceItem(number, of: contact, with: message)
        if rules.transcriptReceipts == .asItems { append(item, to: contact) }
    }
}
