import ConnectWire

extension GetAttachmentRequest: ParticipantOperation {
    func validate() throws(ServiceFault) {
        try Constraints.length(attachmentID.rawValue, 1...256, "AttachmentId")
        try Constraints.range(urlExpiryInSeconds, 5...300, "UrlExpiryInSeconds")
    }

    func perform(in state: inout ServiceState, by caller: Caller, at now: Timestamp) throws(ServiceFault) -> GetAttachmentResponse {
        guard let attachment = state.attachments[attachmentID],
            state.chain(endingWith: caller.contact).contains(attachment.contactID)
        else { throw ServiceFault(.validation, message: "AttachmentId names no attachment of this chat") }
        if caller.participant.role == .customBot, state.participants[attachment.ownerID]?.role == .customer {
            throw ServiceFault(.accessDenied, message: "a CUSTOM_BOT may not read the customer's attachments")
        }
        guard attachment.stage == .approved else {
            let reason = attachment.stage == .rejected ? "was rejected" : "is not approved yet"
            throw ServiceFault(.validation, message: "the attachment \(reason)")
        }
        let lifetime = urlExpiryInSeconds.map { Duration.seconds($0) } ?? state.rules.lifetimes.downloadURL
        let (url, expiry) = URLSigner(key: state.mint.key).url(
            "GET",
            endpoint: state.endpoint,
            path: ObjectPath.path(of: attachment.id),
            signedAt: state.signingTime(at: now, lifetime: lifetime),
            lifetime: lifetime
        )
        return GetAttachmentResponse(url: url, urlExpiry: expiry, attachmentSizeInBytes: attachment.size)
    }
}
