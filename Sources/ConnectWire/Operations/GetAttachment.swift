package struct GetAttachmentRequest: ParticipantRequest, Hashable {
    package typealias Response = GetAttachmentResponse
    package static var operation: Operation { .getAttachment }

    package var attachmentID: AttachmentID
    /// 5 to 300.
    package var urlExpiryInSeconds: Int?

    package init(attachmentID: AttachmentID, urlExpiryInSeconds: Int? = nil) {
        self.attachmentID = attachmentID
        self.urlExpiryInSeconds = urlExpiryInSeconds
    }

    private enum CodingKeys: String, CodingKey {
        case attachmentID = "AttachmentId"
        case urlExpiryInSeconds = "UrlExpiryInSeconds"
    }
}

package struct GetAttachmentResponse: Hashable, Codable, Sendable {
    package var url: SignedURL?
    package var urlExpiry: Timestamp?
    package var attachmentSizeInBytes: Int64

    package init(url: SignedURL? = nil, urlExpiry: Timestamp? = nil, attachmentSizeInBytes: Int64) {
        self.url = url
        self.urlExpiry = urlExpiry
        self.attachmentSizeInBytes = attachmentSizeInBytes
    }

    private enum CodingKeys: String, CodingKey {
        case url = "Url"
        case urlExpiry = "UrlExpiry"
        case attachmentSizeInBytes = "AttachmentSizeInBytes"
    }
}
