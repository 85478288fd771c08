package import ActionKit
package import ConnectWire
package import FoundationEssentials

/// Something that happened to a session.
package enum DialogueInput: Hashable, Sendable {
    /// The bot is connected. Only the first triggers `joined`; later ones bring the facts up to date.
    case joined(DialogueFacts)
    /// Something that somebody else said, sent or did. Never the bot's own item.
    case item(ChatItem)
    /// How an awaited effect went. An outcome that nobody awaits (any more) changes nothing.
    case outcome(EffectID, EffectOutcome)
    /// Time has passed. Only this makes deadlines expire, so after a restart what came meanwhile can be fed first.
    case tick
    /// The chat is over for this bot.
    case ended
}

/// How an effect went.
package enum EffectOutcome: Hashable, Sendable {
    /// With the step's value: an action's result, what became of a message or a file.
    case done(JSON)
    /// A call cannot go on before the customer has answered.
    case asks(Inquiry)
    case failed(StepFailure)

    package static func failed(_ reason: String, _ kind: StepFailure.Kind = .failed) -> Self {
        .failed(StepFailure(reason: reason, kind: kind))
    }
}

extension EffectOutcome {
    /// What comes from outside may be more than a value may be.
    func checkLimits() throws(StepFailure) {
        switch self {
        case .done(let value): try value.checkLimits()
        case .asks(let inquiry): try inquiry.checkLimits()
        case .failed: break
        }
    }
}

/// Why a step failed: `{{error.reason}}` and `{{error.kind}}` in its `otherwise`.
package struct StepFailure: Error, Hashable, Codable, Sendable {
    /// For people; also for the customer, so without internals.
    package var reason: String
    package var kind: Kind

    package enum Kind: String, Hashable, Codable, Sendable {
        /// The action or the service said so.
        case failed
        /// Not done by the step's `within`.
        case timeout
        /// The service, or its scanner, refused what was sent.
        case rejected
        /// The host went down meanwhile, and the step is not safe to do again.
        case interrupted
        /// The bot's own mistake: a value that is missing, or not of the right kind.
        case invalid
        /// An `ask` got no answer that fits.
        case unanswered
        /// The bot and another machine answer each other.
        case loop
    }

    package init(reason: String, kind: Kind = .failed) {
        self.reason = reason
        self.kind = kind
    }
}

/// What a session knows about its contact.
package struct DialogueFacts: Hashable, Codable, Sendable {
    package var contact: ContactID?
    /// `{{contact.attributes.x}}`
    package var attributes: [String: String]
    /// `{{customer.name}}`; also learned from the customer's first item.
    package var customerName: String?

    package init(contact: ContactID? = nil, attributes: [String: String] = [:], customerName: String? = nil) {
        self.contact = contact
        self.attributes = attributes
        self.customerName = customerName
    }
}

/// An item of the transcript as a dialogue sees it.
package struct ChatItem: Hashable, Codable, Sendable {
    package var id: ItemID
    package var role: ParticipantRole
    package var kind: Kind
    package var displayName: String?
    package var contact: ContactID?
    package var time: Date

    package enum Kind: Hashable, Codable, Sendable {
        case message(ContentType, String)
        case attachment([Attachment])
        case event(ContentType)
    }

    /// A file that somebody else sent.
    package struct Attachment: Hashable, Codable, Sendable {
        package var id: AttachmentID?
        package var name: String?
        package var type: ContentType?
        package var status: AttachmentStatus?

        package init(id: AttachmentID? = nil, name: String? = nil, type: ContentType? = nil, status: AttachmentStatus? = nil) {
            self.id = id
            self.name = name
            self.type = type
            self.status = status
        }
    }

    package init(
        id: ItemID,
        role: ParticipantRole,
        kind: Kind,
        displayName: String? = nil,
        contact: ContactID? = nil,
        time: Date
    ) {
        self.id = id
        self.role = role
        self.kind = kind
        self.displayName = displayName
        self.contact = contact
        self.time = time
    }
}
