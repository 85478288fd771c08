/// How often an API may be called: a token bucket's refill rate and size.
package struct Quota: Hashable, Sendable {
    /// Calls a second in the long run.
    package var rate: Double
    /// Calls at once after a pause.
    package var burst: Int

    package init(rate: Double, burst: Int) {
        self.rate = rate
        self.burst = burst
    }
}

/// APIs that are counted together. SendMessage and SendEvent share one quota.
package enum QuotaGroup: String, CaseIterable, Sendable {
    case createParticipantConnection = "CreateParticipantConnection"
    case disconnectParticipant = "DisconnectParticipant"
    case getTranscript = "GetTranscript"
    case send = "SendMessage+SendEvent"
    case startAttachmentUpload = "StartAttachmentUpload"
    case completeAttachmentUpload = "CompleteAttachmentUpload"
    case getAttachment = "GetAttachment"
    case other = "others"

    /// The documented default, per instance (admin guide, service limits, 2023).
    package var documented: Quota {
        switch self {
        case .createParticipantConnection: Quota(rate: 6, burst: 9)
        case .disconnectParticipant: Quota(rate: 3, burst: 5)
        case .getTranscript, .getAttachment: Quota(rate: 8, burst: 12)
        case .send: Quota(rate: 10, burst: 15)
        case .startAttachmentUpload, .completeAttachmentUpload, .other: Quota(rate: 2, burst: 5)
        }
    }
}

extension Operation {
    package var quotaGroup: QuotaGroup {
        switch self {
        case .createParticipantConnection: .createParticipantConnection
        case .disconnectParticipant: .disconnectParticipant
        case .getTranscript: .getTranscript
        case .sendMessage, .sendEvent: .send
        case .startAttachmentUpload: .startAttachmentUpload
        case .completeAttachmentUpload: .completeAttachmentUpload
        case .getAttachment: .getAttachment
        case .describeView, .getAuthenticationUrl, .cancelParticipantAuthentication: .other
        }
    }
}
