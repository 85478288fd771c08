public import FoundationEssentials

/// What an action may know about the chat it is called from, and do while it runs. The host supplies all of it; an action reads no clock of
/// its own.
public struct ActionContext: Sendable {
    /// The chat.
    public struct Contact: Sendable, Hashable {
        /// `nil` until the service has told: it does so with the first item.
        public let id: String?
        /// What the contact flow, or whoever started the chat, attached to it.
        public let attributes: [String: String]

        /// A chat, for calls that a test makes.
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
        /// As the others in the chat see it.
        public let displayName: String

        /// A participant, for calls that a test makes.
        public init(id: String?, role: String, displayName: String) {
            self.id = id
            self.role = role
            self.displayName = displayName
        }
    }

    /// How much a line of the log matters.
    public enum LogLevel: Int32, Sendable, Hashable, CaseIterable {
        case debug
        case info
        case warning
        case error
    }

    /// The chat.
    public let contact: Contact
    /// The bot that calls.
    public let participant: Participant
    /// What the step of the bot file could see: the session's variables and the run's, by name.
    public let variables: [String: JSON]
    /// The same for every repetition of one call, also after a crash, and never for two calls; `nil` where the caller has none. An action that
    /// remembers it can be repeated without harm.
    public let idempotencyKey: String?
    /// What the person answered, by the names of the question's fields, on a call that goes on after ``ActionResult/ask(_:)``; empty where the
    /// person declined. `nil` on a first call.
    public let answers: [String: JSON]?
    /// The ``ActionQuestion/state`` of the question that was answered.
    public let state: String?
    /// The host's time when the call began; in a chat script the script's, which is not the machine's.
    public let now: Date
    /// In which times are written for people.
    public let timeZone: TimeZone
    /// The path of a folder for files that the action makes, under names that no other call takes. The host clears it after a while.
    public let spool: String
    /// The whole transcript, oldest entry first. Reads it from the service, so it takes a while and can fail. Only built-in actions have it: in
    /// a module outside of the host it throws.
    public let transcript: @Sendable () async throws -> [TranscriptEntry]
    /// Says that the action is getting on, with a text for the log: the chat shows that the bot is typing, and the step's soft deadline begins
    /// anew.
    public let progress: @Sendable (_ text: String?) async -> Void
    /// Writes a line to the host's log. Never log secrets.
    public let log: @Sendable (_ level: LogLevel, _ text: String) -> Void

    /// A context. The host makes the ones that actions get; a test of an action makes its own.
    public init(
        contact: Contact,
        participant: Participant,
        variables: [String: JSON] = [:],
        idempotencyKey: String? = nil,
        answers: [String: JSON]? = nil,
        state: String? = nil,
        now: Date,
        timeZone: TimeZone = .gmt,
        spool: String = FileManager.default.temporaryDirectory.path,
        transcript: @escaping @Sendable () async throws -> [TranscriptEntry],
        progress: @escaping @Sendable (String?) async -> Void = { _ in },
        log: @escaping @Sendable (LogLevel, String) -> Void = { _, _ in }
    ) {
        self.contact = contact
        self.participant = participant
        self.variables = variables
        self.idempotencyKey = idempotencyKey
        self.answers = answers
        self.state = state
        self.now = now
        self.timeZone = timeZone
        self.spool = spool
        self.transcript = transcript
        self.progress = progress
        self.log = log
    }
}
