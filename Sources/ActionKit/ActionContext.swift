public import FoundationEssentials

/// What an action may know about the chat it is called from. The host supplies all of it; an action reads no clock of its own.
public struct ActionContext: Sendable {
    public struct Contact: Sendable, Hashable {
        /// `nil` until the service has told: it does so with the first item.
        public let id: String?
        public let attributes: [String: String]

        public init(id: String?, attributes: [String: String] = [:]) {
            self.id = id
            self.attributes = attributes
        }
    }

    /// The bot's own part in the chat.
    public struct Participant: Sendable, Hashable {
        /// `nil` until the service has told: it does so with the first item of its own.
        public let id: String?
        /// CUSTOMER, AGENT, CUSTOM_BOT, SUPERVISOR or SYSTEM.
        public let role: String
        public let displayName: String

        public init(id: String?, role: String, displayName: String) {
            self.id = id
            self.role = role
            self.displayName = displayName
        }
    }

    public let contact: Contact
    public let participant: Participant
    public let now: Date
    /// In which times are written for people.
    public let timeZone: TimeZone
    /// The whole transcript, oldest entry first. Reads it from the service, so it takes a while and can fail.
    public let transcript: @Sendable () async throws -> [TranscriptEntry]

    public init(
        contact: Contact,
        participant: Participant,
        now: Date,
        timeZone: TimeZone = .gmt,
        transcript: @escaping @Sendable () async throws -> [TranscriptEntry]
    ) {
        self.contact = contact
        self.participant = participant
        self.now = now
        self.timeZone = timeZone
        self.transcript = transcript
    }
}
