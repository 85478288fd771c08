import ConnectWire
import FoundationEssentials
import Logging
import Participant
import TestSupport
import Transport

/// The client with a scripted service at the other end of its wire. What would be random is at its greatest.
struct TestClient: Sendable {
    let service: ScriptedService
    var api: ParticipantAPI

    init(time: any TimeSource, endpoint: String = "https://participant.example", pacer: Pacer = .off) throws {
        service = ScriptedService(time: time)
        api = ParticipantAPI(
            endpoint: try Endpoint(parsing: endpoint),
            http: service,
            time: time,
            pacer: pacer,
            backoff: Backoff(random: { 1 }),
            logger: .silent
        )
    }

    func connection(
        receive: ParticipantConnection.Receive = .websocket,
        stored: ConnectionCredentials? = nil,
        store: @escaping @Sendable (ConnectionCredentials) async throws -> Void = { _ in }
    ) -> ParticipantConnection {
        ParticipantConnection(
            api: api,
            participantToken: ParticipantToken("participant"),
            receive: receive,
            stored: stored,
            store: store
        )
    }
}

extension Logger {
    static var silent: Logger { Logger(label: "test") { _ in SwiftLogNoOpLogHandler() } }
}

extension Item {
    /// - Parameter second: Of the day; ids and times are in the same order.
    static func message(_ id: String, at second: Int = 0, from participant: ParticipantID = "customer") -> Item {
        Item(
            id: ItemID(id),
            absoluteTime: Timestamp(millisecondsSince1970: 1_700_000_000_000 + Int64(second) * 1000),
            type: .message,
            contentType: .plainText,
            content: id,
            participantID: participant,
            participantRole: .customer,
            contactID: "c-1"
        )
    }

    static func messages(_ numbers: some Sequence<Int>) -> [Item] {
        numbers.map { message("m\($0)", at: $0) }
    }

    static func event(_ type: ContentType, id: String, at second: Int = 0) -> Item {
        Item(
            id: ItemID(id),
            absoluteTime: Timestamp(millisecondsSince1970: 1_700_000_000_000 + Int64(second) * 1000),
            type: .event,
            contentType: type,
            contactID: "c-1"
        )
    }

    static func attachment(_ id: AttachmentID, _ status: AttachmentStatus, item: ItemID = "attachment-item") -> Item {
        Item(
            id: item,
            absoluteTime: Timestamp(millisecondsSince1970: 1_700_000_000_000),
            type: .attachment,
            attachments: [AttachmentItem(attachmentID: id, attachmentName: "a.txt", contentType: .plainText, status: status)],
            contactID: "c-1"
        )
    }
}
