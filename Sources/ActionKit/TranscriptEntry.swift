public import FoundationEssentials

/// One entry of a chat's transcript.
public struct TranscriptEntry: Sendable, Hashable, Identifiable {
    /// What an entry is.
    public enum Kind: Sendable, Hashable {
        case message
        case event
        case attachment
        /// Another kind of the service's, by its name.
        case other(String)
    }

    /// A file that was sent.
    public struct Attachment: Sendable, Hashable, Identifiable {
        public let id: String
        public let name: String
        public let contentType: String
        /// APPROVED, REJECTED or IN_PROGRESS, where the service has told.
        public let status: String?

        public init(id: String, name: String, contentType: String, status: String?) {
            self.id = id
            self.name = name
            self.contentType = contentType
            self.status = status
        }
    }

    public let id: String
    public let time: Date
    public let kind: Kind
    /// CUSTOMER, AGENT, CUSTOM_BOT, SUPERVISOR or SYSTEM; some events have none.
    public let role: String?
    public let displayName: String?
    /// Of the text, or which event this is; an attachment's is in ``attachments``.
    public let contentType: String?
    public let text: String?
    /// The files of an entry of the kind ``Kind/attachment``.
    public let attachments: [Attachment]

    /// An entry, for calls that a test makes.
    public init(
        id: String,
        time: Date,
        kind: Kind,
        role: String? = nil,
        displayName: String? = nil,
        contentType: String? = nil,
        text: String? = nil,
        attachments: [Attachment] = []
    ) {
        self.id = id
        self.time = time
        self.kind = kind
        self.role = role
        self.displayName = displayName
        self.contentType = contentType
        self.text = text
        self.attachments = attachments
    }
}
