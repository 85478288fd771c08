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
    /// The bot that the chat was started with, where one is known.
    let bot: String?
    /// Rung whenever something was heard, or the chat is over.
    let bell = Bell()

    let connection: ParticipantConnection
    let verdicts = AttachmentVerdicts()
    let logger: Logger
    private let live: LiveConnection
    private let listener: Listener
    private let state: Mutex<State>

    /// Told what happens, in order.
    typealias Listener = @Sendable (Person, Event) -> Void

    enum Event: Sendable {
        case heard([Item])
        case ended(String)
    }

    /// Who somebody is in a chat. The service tells what is not known with the first items.
    struct Part: Sendable {
        var name: String
        var role: ParticipantRole
        var participantID: ParticipantID?
        var contactID: ContactID?
        var token: ParticipantToken
        var bot: String?
    }

    private struct State {
        var participantID: ParticipantID?
        var contactID: ContactID?
        var items: [Item] = []
        /// Everything before it has been expected, or skipped.
        var cursor = 0
        /// What this person sent, so that its echo is known for its own.
        var sent: Set<ItemID> = []
        var hasConnected = false
        var ending: String?
        var files: [SentFile] = []
    }

    init(
        _ part: Part,
        api: ParticipantAPI,
        sockets: any WebSocketClient,
        receive: ParticipantConnection.Receive = .websocket,
        listener: @escaping Listener = { _, _ in }
    ) {
        name = part.name
        role = part.role
        bot = part.bot
        logger = api.logger
        connection = ParticipantConnection(api: api, participantToken: part.token, receive: receive)
        live = LiveConnection(connection: connection, sockets: sockets, logger: api.logger)
        self.listener = listener
        state = Mutex(State(participantID: part.participantID, contactID: part.contactID))
    }

    /// Listens until the chat is over.
    func run() async {
        let ending: String
        do {
            let end = try await live.run { arrival in
                switch arrival {
                case .connected(let missed, _):
                    self.state.withLock { $0.hasConnected = true }
                    self.hear(missed)
                case .item(let item): self.hear([item])
                }
            }
            ending = end.reason
        } catch {
            ending = Task.isCancelled ? "stopped listening" : "\(error)"
        }
        state.withLock { $0.ending = ending }
        bell.ring()
        listener(self, .ended(ending))
    }

    private func hear(_ items: [Item]) {
        for item in items { verdicts.note(item) }
        state.withLock { state in
            state.items += items
            state.contactID = state.contactID ?? items.lazy.compactMap(\.contactID).first
            if state.participantID == nil {
                state.participantID = items.first { state.sent.contains($0.id) || isTheCustomer($0) }?.participantID
            }
        }
        listener(self, .heard(items))
        bell.ring()
    }

    /// There is one customer in a chat.
    private func isTheCustomer(_ item: Item) -> Bool {
        role == .customer && item.participantRole == .customer
    }

    var participantID: ParticipantID? { state.withLock { $0.participantID } }

    var contactID: ContactID? { state.withLock { $0.contactID } }

    /// Why nothing will be heard any more; nil while it may.
    var ending: String? { state.withLock { $0.ending } }

    var hasEnded: Bool { ending != nil }

    var hasConnected: Bool { state.withLock { $0.hasConnected } }

    /// All that was said and done, in the order of hearing.
    var items: [Item] { state.withLock { $0.items } }

    /// What others have said since the cursor.
    var news: [Item] {
        state.withLock { state in Array(state.items[state.cursor...]) }.filter { isByOthers($0) }
    }

    /// Moves the cursor past an item.
    func pass(_ item: Item) {
        state.withLock { state in
            guard let place = state.items.firstIndex(where: { $0.id == item.id }) else { return }
            state.cursor = max(state.cursor, place + 1)
        }
    }

    func isOwn(_ item: Item) -> Bool {
        let (id, isSent) = state.withLock { ($0.participantID, $0.sent.contains(item.id)) }
        return isSent || (id != nil && item.participantID == id)
    }

    func isByOthers(_ item: Item) -> Bool {
        !isOwn(item) && item.type != .messageMetadata
    }

    // MARK: Acting

    func say(_ text: String) async throws {
        let answer = try await connection.call(SendMessageRequest(contentType: .plainText, content: text, clientToken: .random()))
        if let id = answer.id { state.withLock { state in _ = state.sent.insert(id) } }
    }

    func showTyping() async throws {
        _ = try await connection.call(SendEventRequest(contentType: .typing, clientToken: .random()))
    }

    /// Says that the last message was read, or delivered.
    func acknowledge(_ receipt: ContentType) async throws {
        guard let message = items.last(where: { $0.type == .message && isByOthers($0) }) else {
            throw ScriptProblem("there is no message to be \(receipt == .messageRead ? "read" : "delivered")")
        }
        let content = #"{"messageId":"\#(message.id)"}"#
        _ = try await connection.call(SendEventRequest(contentType: receipt, content: content, clientToken: .random()))
    }

    func leave() async throws {
        _ = try await connection.call(DisconnectParticipantRequest(clientToken: .random()))
    }

    // MARK: Files

    /// A file on its way, or at its end.
    struct SentFile: Sendable {
        var upload: Upload
        var path: String
    }

    /// The newest last; of one file, its last state.
    var files: [SentFile] { state.withLock { $0.files } }

    func note(_ file: SentFile) {
        state.withLock { state in
            state.files.removeAll { $0.upload.id == file.upload.id }
            state.files.append(file)
        }
    }
}

extension LiveConnection.Ending {
    /// For people.
    fileprivate var reason: String {
        switch self {
        case .chatEnded: "the chat is over"
        case .refused(let error): "the service refused the connection: \(error.fault?.message ?? "\(error)")"
        case .accessLost: "this participant's part in the chat is over"
        case .outlived: "no chat lasts as long"
        }
    }
}

/// Why a step of a script could not be done.
struct ScriptProblem: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
