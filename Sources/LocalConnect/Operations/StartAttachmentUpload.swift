import ConnectWire

extension StartAttachmentUploadRequest: ParticipantOperation {
    func validate() throws(ServiceFault) {
        try Constraints.length(contentType, 1...255, "ContentType")
        try Constraints.length(attachmentName, 1...AttachmentRules.maximumNameLength, "AttachmentName")
        try Constraints.length(clientToken.rawValue, 1...500, "ClientToken")
        if attachmentSizeInBytes < 1 { throw ServiceFault(.validation, message: "AttachmentSizeInBytes must be at least 1") }
    }

    func perform(
        in state: inout ServiceState,
        by caller: Caller,
        at now: Timestamp
    ) throws(ServiceFault) -> StartAttachmentUploadResponse {
        let violation = state.rules.attachments.check(name: attachmentName, contentType: contentType, size: attachmentSizeInBytes)
        if let violation { throw ServiceFault(.validation, message: "\(violation)") }
        let call = Repeatable(self, token: clientToken, scope: caller.participant.id.rawValue, operation: Self.operation.rawValue)
        if case .uploadStarted(let id)? = try state.earlierResult(of: call, at: now), let attachment = state.attachments[id] {
            return state.uploadAccess(to: attachment, in: caller.contact)
        }
        try state.checkAttachmentCount(of: caller.contact.id)
        let attachment = Attachment(
            id: AttachmentID(state.random.uuid()),
            contactID: caller.contact.id,
            ownerID: caller.participant.id,
            name: attachmentName,
            contentType: contentType,
            size: attachmentSizeInBytes,
            startedAt: state.signingTime(at: now, lifetime: state.rules.lifetimes.uploadURL),
            stage: .started
        )
        state.save(attachment)
        state.remember(.uploadStarted(attachment.id), of: call, at: now)
        return state.uploadAccess(to: attachment, in: caller.contact)
    }
}

extension ServiceState {
    /// What counts are the completed files, here and again when one is completed.
    func checkAttachmentCount(of contact: ContactID) throws(ServiceFault) {
        let count = attachmentsOfContact[contact, default: []].count { attachments[$0]?.isCompleted ?? false }
        guard count < rules.attachments.maximumCount else {
            throw ServiceFault(
                .serviceQuotaExceeded,
                message: "the contact has \(count) attachments; a contact may have \(rules.attachments.maximumCount)"
            )
        }
    }

    fileprivate func uploadAccess(to attachment: Attachment, in contact: Contact) -> StartAttachmentUploadResponse {
        let headers = uploadHeaders(of: attachment, in: contact)
        let (url, expiry) = URLSigner(key: mint.key).url(
            "PUT",
            endpoint: endpoint,
            path: ObjectPath.path(of: attachment.id),
            signedAt: attachment.startedAt,
            lifetime: rules.lifetimes.uploadURL,
            headers: headers
        )
        return StartAttachmentUploadResponse(
            attachmentID: attachment.id,
            uploadMetadata: UploadMetadata(url: url, urlExpiry: expiry, headersToInclude: headers)
        )
    }

    /// The iOS SDK drops headers whose names it does not know in exactly these letters; the model allows values of 256 characters.
    private func uploadHeaders(of attachment: Attachment, in contact: Contact) -> [String: String] {
        [
            "Content-Type": attachment.contentType,
            "Content-Length": String(attachment.size),
            "Content-Disposition": ContentDisposition.attachment(named: attachment.name, limit: 256),
            "x-amz-acl": "bucket-owner-full-control",
            "x-amz-meta-account_id": "000000000000",
            "x-amz-meta-organization_id": contact.instanceID.rawValue,
            "x-amz-meta-contact_id": contact.id.rawValue,
            "x-amz-meta-initial_contact_id": contact.initialContactID.rawValue,
        ]
    }
}

/// Objects have paths of their own beside the API's.
enum ObjectPath {
    static let prefix = "/objects/"

    static func path(of id: AttachmentID) -> String { prefix + id.rawValue }

    static func attachmentID(in path: String) -> AttachmentID? {
        guard path.hasPrefix(prefix) else { return nil }
        return AttachmentID(String(path.dropFirst(prefix.utf8.count)))
    }
}
