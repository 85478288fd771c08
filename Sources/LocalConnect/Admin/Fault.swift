import ConnectWire

/// Something that goes wrong because the operator asked for it.
package struct Fault: Codable, Hashable, Sendable {
    /// The API that it strikes; nil for every one to which its effect applies.
    var operation: String?
    var effect: Effect
    /// Nil for every contact.
    var contact: ContactID?
    /// Whom it strikes; nil for everybody.
    var role: ParticipantRole?
    /// How often it will strike.
    var count: Int

    enum Effect: Codable, Hashable, Sendable {
        /// The call is answered with this status, and nothing happens.
        case status(Int)
        /// The call is answered late.
        case delay(Duration)
        /// The connection is closed before anything happens.
        case reset
        /// The call is done, and the connection closed without an answer.
        case loseResponse
        /// The call is done, and the contact's sockets are closed.
        case dropSockets
        /// The call is done, and the contact's sockets stay open, but nothing comes from them any more.
        case silenceSockets
        /// The call is done, and every connection token of the contact has expired.
        case expireTokens
        /// The call is done, and the client tokens of all calls before are forgotten.
        case forgetClientTokens
        /// The URL that the call gives out has expired.
        case expireURLs
        /// The connection breaks in the middle of a PUT.
        case breakUpload
        /// An item is pushed twice.
        case duplicateFrames
        /// An item is pushed late, and so after those that follow it.
        case reorderFrames
        /// Half of an item is pushed.
        case malformFrames
        /// A file is scanned for so long.
        case slowScan(Duration)
        /// A file is rejected.
        case rejectScan
        /// Any of these, now and then.
        case random(RandomFaults)
    }

    /// What is done with a call, a frame, or a scan; the name of an effect where nothing has to be said besides.
    enum Kind: String, Codable, CaseIterable, Sendable {
        case status
        case delay
        case reset
        case loseResponse = "lose-response"
        case dropSockets = "drop-sockets"
        case silenceSockets = "silence-sockets"
        case expireTokens = "expire-tokens"
        case forgetClientTokens = "forget-client-tokens"
        case expireURLs = "expire-urls"
        case breakUpload = "break-upload"
        case duplicateFrames = "duplicate-frames"
        case reorderFrames = "reorder-frames"
        case malformFrames = "malform-frames"
        case slowScan = "slow-scan"
        case rejectScan = "reject-scan"

        /// Where it strikes.
        var place: Place {
            switch self {
            case .status, .delay, .reset, .loseResponse, .dropSockets, .silenceSockets, .expireTokens, .forgetClientTokens, .expireURLs,
                .breakUpload:
                .call
            case .duplicateFrames, .reorderFrames, .malformFrames: .frame
            case .slowScan, .rejectScan: .scan
            }
        }

        /// The APIs to which it can apply; nil for all.
        var operations: [String]? {
            switch self {
            case .breakUpload: [ObjectOperation.put.rawValue]
            case .expireURLs:
                [
                    Operation.startAttachmentUpload.rawValue, Operation.getAttachment.rawValue,
                    Operation.createParticipantConnection.rawValue,
                ]
            default: nil
            }
        }
    }

    enum Place: Sendable {
        case call
        case frame
        case scan
    }
}

extension Fault.Effect {
    /// Nil for random ones.
    var kind: Fault.Kind? {
        switch self {
        case .status: .status
        case .delay: .delay
        case .reset: .reset
        case .loseResponse: .loseResponse
        case .dropSockets: .dropSockets
        case .silenceSockets: .silenceSockets
        case .expireTokens: .expireTokens
        case .forgetClientTokens: .forgetClientTokens
        case .expireURLs: .expireURLs
        case .breakUpload: .breakUpload
        case .duplicateFrames: .duplicateFrames
        case .reorderFrames: .reorderFrames
        case .malformFrames: .malformFrames
        case .slowScan: .slowScan
        case .rejectScan: .rejectScan
        case .random: nil
        }
    }
}

/// What is done with objects, in S3's words.
enum ObjectOperation: String, CaseIterable {
    case put = "PutObject"
    case get = "GetObject"
}
