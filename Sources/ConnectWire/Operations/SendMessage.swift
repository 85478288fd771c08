package struct SendMessageRequest: ParticipantRequest, Hashable {
    package typealias Response = SendResponse
    package static var operation: Operation { .sendMessage }

    package var contentType: ContentType
    package var content: String
    package var clientToken: ClientToken?

    package init(contentType: ContentType, content: String, clientToken: ClientToken? = nil) {
        self.contentType = contentType
        self.content = content
        self.clientToken = clientToken
    }

    private enum CodingKeys: String, CodingKey {
        case contentType = "ContentType"
        case content = "Content"
        case clientToken = "ClientToken"
    }
}

package struct SendEventRequest: ParticipantRequest, Hashable {
    package typealias Response = SendResponse
    package static var operation: Operation { .sendEvent }

    package var contentType: ContentType
    package var content: String?
    package var clientToken: ClientToken?

    package init(contentType: ContentType, content: String? = nil, clientToken: ClientToken? = nil) {
        self.contentType = contentType
        self.content = content
        self.clientToken = clientToken
    }

    private enum CodingKeys: String, CodingKey {
        case contentType = "ContentType"
        case content = "Content"
        case clientToken = "ClientToken"
    }
}

/// The answer to SendMessage and SendEvent. A typing event has an id, too, though no transcript ever lists it.
package struct SendResponse: Hashable, Codable, Sendable {
    package var id: ItemID?
    package var absoluteTime: Timestamp?
    package var messageMetadata: MessageProcessingMetadata?

    package init(id: ItemID? = nil, absoluteTime: Timestamp? = nil, messageMetadata: MessageProcessingMetadata? = nil) {
        self.id = id
        self.absoluteTime = absoluteTime
        self.messageMetadata = messageMetadata
    }

    private enum CodingKeys: String, CodingKey {
        case id = "Id"
        case absoluteTime = "AbsoluteTime"
        case messageMetadata = "MessageMetadata"
    }
}

package struct MessageProcessingMetadata: Hashable, Codable, Sendable {
    package var messageProcessingStatus: String?

    package init(messageProcessingStatus: String? = nil) {
        self.messageProcessingStatus = messageProcessingStatus
    }

    private enum CodingKeys: String, CodingKey {
        case messageProcessingStatus = "MessageProcessingStatus"
    }
}
