import ConnectWire
import FoundationEssentials
import Logging
import Participant
import Synchronization
import Transport

/// Somebody in a chat whom a script, or the one at the keyboard, speaks as.
final class Person: Sendable {
    let name: String
    let role: ParticipantRole
    let participantID: ParticipantID
    let contactID: ContactID

    private let connection: ParticipantConnection
    private let live: LiveConnection
    private let verdicts = AttachmentVerdicts()
    private let logger: Logger
    private let heard = Mutex(Heard())

    private struct Heard {
        var items: [Item] = []
        /// Everything before it has been expected, or skipped.
        var cursor = 0
    }

    init(
        name: String,
        role: ParticipantRole,
        participantID: ParticipantID,
        contactID: ContactID,
        token: ParticipantToken,
        api: ParticipantAPI,
        sockets: any WebSocketClient
    ) {
        self.name = name
        self.role = role
        self.participantID = participantID
        self.contactID = contactID
        logger = api.logger
        connection = ParticipantConnection(api: api, participantToken: token, receive: .websocket)
        live = LiveConnection(connection: connection, sockets: sockets, logger: api.logger)
    }

    /// Listens until the chat is over.
    func run() async throws {
        _ = try await live.run { arrival in
            switch arrival {
            case .connected(let missed, _): self.hear(missed)
            case .item(let item): self.hear([item])
            }
        }
    }

    private func hear(_ items: [Item]) {
        for item in items { verdicts.note(item) }
        heard.withLock { $0.items += items }
    }

    /// All that was said and done, in the order of hearing.
    var items: [Item] { heard.withLock { $0.items } }

    /// What others have said since the cursor.
    var news: [Item] {
        heard.withLock { heard in heard.items[heard.cursor...].filter { isByOthers($0) } }
    }

    /// Moves the cursor past an item.
    func pass(_ item: Item) {
        heard.withLock { heard in
            guard let place = heard.items.firstIndex(where: { $0.id == item.id }) else { return }
            heard.cursor = max(heard.cursor, place + 1)
        }
    }

    private func isByOthers(_ item: Item) -> Bool {
        item.participantID != participantID && item.type != .messageMetadata
    }

    // MARK: Acting

    func say(_ text: String) async throws {
        _ = try await connection.call(SendMessageRequest(contentType: .plainText, content: text, clientToken: .random()))
    }

    func showTyping() async throws {
        _ = try await connection.call(SendEventRequest(contentType: .typing, clientToken: .random()))
    }

    /// Says that the last message was read.
    func read() async throws {
        guard let message = items.last(where: { $0.type == .message && isByOthers($0) }) else {
            throw ScriptProblem("there is no message to be read")
        }
        let content = #"{"messageId":"\#(message.id)"}"#
        _ = try await connection.call(SendEventRequest(contentType: .messageRead, content: content, clientToken: .random()))
    }

    func attach(_ path: String) async throws {
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64 else {
            throw ScriptProblem("there is no file '\(path)'")
        }
        let name = String(path.split(separator: "/").last ?? "")
        guard let type = AttachmentRules.documented.contentType(forName: name) else {
            throw ScriptProblem("the service takes no files like '\(name)'")
        }
        let upload = Upload(
            id: UUID().uuidString,
            file: UploadFile(name: name, contentType: type, size: size, sha256: "")
        )
        let uploader = Uploader(connection: connection, verdicts: verdicts, logger: logger)
        let ended = try await uploader.run(upload, path: path) { _ in }
        // A rejected file has arrived, too: the others see that it was.
        if ended.state == .failed { throw ScriptProblem("'\(name)' was not sent: \(ended.reason ?? "no reason given")") }
    }

    func leave() async throws {
        _ = try await connection.call(DisconnectParticipantRequest(clientToken: .random()))
    }

    /// The bytes of an attachment.
    func download(_ attachment: AttachmentItem) async throws -> [UInt8] {
        guard let id = attachment.attachmentID else { throw ScriptProblem("the attachment has no id") }
        let answer = try await connection.call(GetAttachmentRequest(attachmentID: id))
        guard let url = answer.url else { throw ScriptProblem("the service gave no URL for the attachment") }
        let limit = Int(AttachmentRules.documented.maximumSize)
        let response = try await connection.api.http.send(HTTPRequest("GET", url.exposed, responseLimit: limit))
        guard response.status == 200 else { throw ScriptProblem("the download was answered with \(response.status)") }
        return response.body
    }
}

/// Why a step of a script could not be done.
struct ScriptProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
