import ConnectWire

/// Something that goes wrong because the operator asked for it.
package struct Fault: Codable, Hashable, Sendable {
    /// The API that it strikes; nil for every one to which its effect applies.
    var operation: String?
    var effect: Effect
    /// Nil for every contact.
    var contact: ContactID?
    /// How often it will strike.
    var count: Int

    enum Effect: Codable, Hashable, Sendable {
        /// The call is answered with this status, and nothing happens.
        case status(Int)
        /// The call is done, and the connection closed without an answer.
        case loseResponse
        /// The call is done, and the contact's sockets are closed.
        case dropSockets
        /// An item is pushed twice.
        case duplicateFrames
        /// The connection breaks in the middle of a PUT.
        case breakUpload
        /// The URL that the call gives out has expired.
        case expireURLs
        /// The call is done, and every connection token of the contact has expired.
        case expireTokens
        /// A file is rejected.
        case rejectScan
    }
}

/// The faults that wait to strike, in the order in which they were asked for.
struct Faults: Sendable {
    private(set) var waiting: [Fault] = []

    mutating func add(_ fault: Fault) {
        waiting.append(fault)
    }

    mutating func clear() {
        waiting = []
    }

    /// What strikes a call. A status goes alone: the call does not happen.
    mutating func strike(_ operation: String, in contact: ContactID?) -> Strike {
        if let index = waiting.firstIndex(where: { $0.status != nil && $0.applies(to: operation, contact) }),
            let status = waiting[index].status
        {
            use(index)
            return Strike(status: status)
        }
        var strike = Strike()
        for effect in [Fault.Effect.loseResponse, .dropSockets, .expireURLs, .expireTokens, .breakUpload]
        where take(effect, operation, in: contact) {
            strike.effects.insert(effect)
        }
        return strike
    }

    /// Whether a fault of this effect waits for the contact; it is used up by the asking.
    mutating func take(_ effect: Fault.Effect, _ operation: String? = nil, in contact: ContactID?) -> Bool {
        let index = waiting.firstIndex { fault in
            fault.effect == effect && (operation.map { fault.applies(to: $0, contact) } ?? fault.applies(in: contact))
        }
        guard let index else { return false }
        use(index)
        return true
    }

    private mutating func use(_ index: Int) {
        waiting[index].count -= 1
        if waiting[index].count <= 0 { waiting.remove(at: index) }
    }
}

/// What strikes one call.
struct Strike: Sendable {
    var status: Int?
    var effects: Set<Fault.Effect> = []
}

extension Fault {
    fileprivate var status: Int? {
        if case .status(let status) = effect { status } else { nil }
    }

    fileprivate func applies(to operation: String, _ contact: ContactID?) -> Bool {
        let names = self.operation.map { [$0] } ?? effect.operations
        return (names.map { $0.contains(operation) } ?? true) && applies(in: contact)
    }

    fileprivate func applies(in contact: ContactID?) -> Bool {
        self.contact == nil || self.contact == contact
    }
}

extension Fault.Effect {
    /// The APIs to which it can apply; nil for all.
    fileprivate var operations: [String]? {
        switch self {
        case .breakUpload: [ObjectOperation.put.rawValue]
        case .expireURLs:
            [Operation.startAttachmentUpload.rawValue, Operation.getAttachment.rawValue, Operation.createParticipantConnection.rawValue]
        default: nil
        }
    }
}

/// What is done with objects, in S3's words.
enum ObjectOperation: String, CaseIterable {
    case put = "PutObject"
    case get = "GetObject"
}
