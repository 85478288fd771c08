import ConnectWire

extension CompleteAttachmentUploadRequest: ParticipantOperation {
    func validate() throws(ServiceFault) {
        guard attachmentIDs.count == 1 else {
            throw ServiceFault(.validation, message: "AttachmentIds has \(attachmentIDs.count) entries; it must have exactly 1")
        }
        try Constraints.length(attachmentIDs[0].rawValue, 1...256, "AttachmentIds[0]")
        try Constraints.length(clientToken.rawValue, 1...500, "ClientToken")
    }

    func perform(in state: inout ServiceState, by caller: Caller, at now: Timestamp) throws(ServiceFault) -> EmptyResponse {
        let call = Repeatable(self, token: clientToken, scope: caller.participant.id.rawValue, operation: Self.operation.rawValue)
        if case .uploadCompleted? = try state.earlierResult(of: call, at: now) { return EmptyResponse() }
        guard let attachment = state.attachments[attachmentIDs[0]], attachment.ownerID == caller.participant.id else {
            throw ServiceFault(.validation, message: "AttachmentIds names no upload of this participant")
        }
        switch attachment.stage {
        case .started:
            throw ServiceFault(.validation, message: "the file was not uploaded: PUT it to the URL of StartAttachmentUpload first")
        case .scanning, .approved, .rejected:
            throw ServiceFault(.conflict, message: "the upload of this attachment was completed before")
        case .stored:
            try state.checkAttachmentCount(of: caller.contact.id)
        }
        state.startScan(of: attachment, at: now)
        state.remember(.uploadCompleted, of: call, at: now)
        return EmptyResponse()
    }
}

extension ServiceState {
    fileprivate mutating func startScan(of attachment: Attachment, at now: Timestamp) {
        var attachment = attachment
        let strikes = faults.strikeScan(in: attachment.contactID, of: participants[attachment.ownerID]?.role)
        attachment.stage = .scanning(strikes.contains(.rejectScan) ? .rejected : nextVerdict(for: attachment))
        save(attachment)
        let delay = strikes.lazy.compactMap { if case .slowScan(let delay) = $0 { delay } else { nil } }.first
        schedule(.scanIsDone(attachment.id), at: now + (delay ?? rules.scan.delay))
    }

    private mutating func nextVerdict(for attachment: Attachment) -> AttachmentStatus {
        guard var contact = contacts[attachment.contactID], !contact.scanVerdicts.isEmpty else {
            return rules.scan.verdict(forName: attachment.name)
        }
        let verdict = contact.scanVerdicts.removeFirst()
        save(contact)
        return verdict
    }

    /// The scanner's word reaches everybody as the ATTACHMENT item. A chat that ended meanwhile hears nothing more.
    mutating func finishScan(of id: AttachmentID, at now: Timestamp) {
        guard var attachment = attachments[id], case .scanning(let verdict) = attachment.stage,
            let contact = contacts[attachment.contactID],
            let owner = participants[attachment.ownerID]
        else { return }
        attachment.stage = verdict == .approved ? .approved : .rejected
        save(attachment)
        guard !contact.isEnded else { return }
        post(ItemDraft(attachment: attachment.item(status: verdict)), by: .participant(owner), in: contact, at: now)
    }
}
