package struct StartAttachmentUploadRequest: ParticipantRequest, Hashable {
    package typealias Response = StartAttachmentUploadResponse
    package static var operation: Operation { .startAttachmentUpload }

    package var contentType: String
    package var attachmentSizeInBytes: Int64
    package var attachmentName: String
    package var clientToken: ClientToken

    package init(contentType: String, attachmentSizeInBytes: Int64, attachmentName: String, clientToken: ClientToken) {
        self.contentType = contentType
        self.attachmentSizeInBytes = attachmentSizeInBytes
        self.attachmentName = attachmentName
        self.clientToken = clientToken
    }

    private enum CodingKeys: String, CodingKey {
        case contentType = "ContentType"
        case attachmentSizeInBytes = "AttachmentSizeInBytes"
        case attachmentName = "AttachmentName"
        case clientToken = "ClientToken"
    }
}

package struct StartAttachmentUploadResponse: Hashable, Codable, Sendable {
    package var attachmentID: AttachmentID
    package var uploadMetadata: UploadMetadata

    package init(attachmentID: AttachmentID, uploadMetadata: UploadMetadata) {
        self.attachmentID = attachmentID
        self.uploadMetadata = uploadMetadata
    }

    private enum CodingKeys: String, CodingKey {
        case attachmentID = "AttachmentId"
        case uploadMetadata = "UploadMetadata"
    }
}

package struct UploadMetadata: Hashable, Codable, Sendable {
    package var url: SignedURL
    package var urlExpiry: Timestamp?
    /// Signed: the PUT carries each with its value verbatim.
    package var headersToInclude: [String: String]?

    package init(url: SignedURL, urlExpiry: Timestamp? = nil, headersToInclude: [String: String]? = nil) {
        self.url = url
        self.urlExpiry = urlExpiry
        self.headersToInclude = headersToInclude
    }

    private enum CodingKeys: String, CodingKey {
        case url = "Url"
        case urlExpiry = "UrlExpiry"
        case headersToInclude = "HeadersToInclude"
    }
}

package struct CompleteAttachmentUploadRequest: ParticipantRequest, Hashable {
    package typealias Response = EmptyResponse
    package static var operation: Operation { .completeAttachmentUpload }

    /// Exactly one.
    package var attachmentIDs: [AttachmentID]
    package var clientToken: ClientToken

    package init(attachmentIDs: [AttachmentID], clientToken: ClientToken) {
        self.attachmentIDs = attachmentIDs
        self.clientToken = clientToken
    }

    private enum CodingKeys: String, CodingKey {
        case attachmentIDs = "AttachmentIds"
        case clientToken = "ClientToken"
    }
}
