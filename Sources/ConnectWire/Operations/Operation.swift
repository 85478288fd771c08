/// The eleven operations of the participant API (botocore model 2018-09-07).
package enum Operation: String, CaseIterable, Sendable {
    case createParticipantConnection = "CreateParticipantConnection"
    case sendMessage = "SendMessage"
    case sendEvent = "SendEvent"
    case getTranscript = "GetTranscript"
    case startAttachmentUpload = "StartAttachmentUpload"
    case completeAttachmentUpload = "CompleteAttachmentUpload"
    case getAttachment = "GetAttachment"
    case disconnectParticipant = "DisconnectParticipant"
    case describeView = "DescribeView"
    case getAuthenticationUrl = "GetAuthenticationUrl"
    case cancelParticipantAuthentication = "CancelParticipantAuthentication"

    package var method: String {
        self == .describeView ? "GET" : "POST"
    }

    /// The path; DescribeView's ends where the view token begins.
    package var path: String {
        switch self {
        case .createParticipantConnection: "/participant/connection"
        case .sendMessage: "/participant/message"
        case .sendEvent: "/participant/event"
        case .getTranscript: "/participant/transcript"
        case .startAttachmentUpload: "/participant/start-attachment-upload"
        case .completeAttachmentUpload: "/participant/complete-attachment-upload"
        case .getAttachment: "/participant/attachment"
        case .disconnectParticipant: "/participant/disconnect"
        case .describeView: "/participant/views/"
        case .getAuthenticationUrl: "/participant/authentication-url"
        case .cancelParticipantAuthentication: "/participant/cancel-authentication"
        }
    }

    /// The header that carries the token: a participant token for CreateParticipantConnection, a connection token for all others.
    package static let tokenHeader = "X-Amz-Bearer"
}

/// The body of one operation, with the type of its answer.
package protocol ParticipantRequest: Codable, Sendable {
    associatedtype Response: Codable & Sendable

    static var operation: Operation { get }
}

/// The answer of operations that say no more than "done"; the body may be `{}` or nothing at all.
package struct EmptyResponse: Hashable, Codable, Sendable {
    package init() {}
}
