package import ConnectWire
import FoundationEssentials

/// A file on its way into the chat: the row that the store keeps, and the machine that moves it.
///
/// `planned -> started -> stored -> completed -> approved`, or it ends `rejected` or `failed`. The pre-signed URL is never a part of it: after a
/// restart StartAttachmentUpload is repeated with the same client token.
package struct Upload: Codable, Equatable, Sendable {
    package let id: String
    package let file: UploadFile
    package private(set) var state: State
    /// Begins anew, with new client tokens, when the service no longer takes what an earlier generation started.
    package private(set) var generation = 1
    package private(set) var startToken = ClientToken.random()
    package private(set) var completeToken = ClientToken.random()
    package private(set) var attachmentID: AttachmentID?
    /// Why it was rejected or failed, or had to begin anew, in the service's words where it gave any.
    package private(set) var reason: String?

    package init(id: String, file: UploadFile) {
        self.id = id
        self.file = file
        state = .planned
    }

    package enum State: String, Codable, Sendable, CaseIterable {
        /// Nothing was sent.
        case planned
        /// The service gave an id and a place.
        case started
        /// The bytes are there.
        case stored
        /// The service was told so; it scans the file.
        case completed
        case approved
        case rejected
        case failed

        package var isFinal: Bool { self == .approved || self == .rejected || self == .failed }
    }

    /// What happened to it.
    package enum Event: Equatable, Sendable {
        case started(AttachmentID)
        case stored
        /// The place is no longer to be had: its URL expired or is refused, or nobody knows its id any more.
        case placeLost(String)
        case completed
        case approved
        case rejected(String)
        case failed(String)
    }

    /// Generations that are tried before the upload fails.
    package static let maximumGenerations = 5

    /// Moves to the next state. Events that do not fit the state, late answers for example, change nothing.
    package mutating func apply(_ event: Event) {
        switch (state, event) {
        case (.planned, .started(let id)), (.started, .started(let id)):
            attachmentID = id
            reason = nil
            state = .started
        case (.started, .stored):
            state = .stored
        case (.started, .placeLost(let reason)), (.stored, .placeLost(let reason)), (.completed, .placeLost(let reason)):
            beginNewGeneration(because: reason)
        case (.stored, .completed):
            state = .completed
        // The verdict may overtake the answer to CompleteAttachmentUpload.
        case (.stored, .approved), (.completed, .approved):
            state = .approved
        case (.stored, .rejected(let reason)), (.completed, .rejected(let reason)):
            end(.rejected, reason)
        case (_, .failed(let reason)) where !state.isFinal:
            end(.failed, reason)
        default:
            break
        }
    }

    private mutating func beginNewGeneration(because reason: String) {
        guard generation < Self.maximumGenerations else {
            end(.failed, "given up after \(generation) tries: \(reason)")
            return
        }
        begin(generation: generation + 1, because: reason)
    }

    /// Begins anew after it was rejected or failed: somebody wants it tried again.
    package mutating func retry(because reason: String) {
        guard state == .rejected || state == .failed else { return }
        begin(generation: 1, because: reason)
    }

    private mutating func begin(generation: Int, because reason: String) {
        self.generation = generation
        self.reason = reason
        startToken = .random()
        completeToken = .random()
        attachmentID = nil
        state = .planned
    }

    private mutating func end(_ state: State, _ reason: String) {
        self.state = state
        self.reason = reason
    }
}

/// What is sent.
package struct UploadFile: Codable, Hashable, Sendable {
    package var name: String
    package var contentType: String
    /// Bytes.
    package var size: Int64
    /// Lower case hexadecimal.
    package var sha256: String

    package init(name: String, contentType: String, size: Int64, sha256: String) {
        self.name = name
        self.contentType = contentType
        self.size = size
        self.sha256 = sha256
    }
}
