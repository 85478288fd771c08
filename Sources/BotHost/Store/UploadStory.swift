package import ConnectWire
import GRDB
package import Participant

/// An upload, and how it came to where it is.
package struct UploadStory: Encodable, Sendable {
    package var id: String
    package var session: SessionID
    package var contact: ContactID?
    /// Why its session ended; nil while that lives.
    package var sessionEnding: String?
    package var file: UploadFile
    package var state: Upload.State
    package var attachment: AttachmentID?
    package var reason: String?
    package var createdAt: Timestamp
    package var updatedAt: Timestamp
    /// The oldest first.
    package var changes: [Change]

    package struct Change: Encodable, Sendable {
        package var time: Timestamp
        package var state: Upload.State
        package var generation: Int
        package var reason: String?

        package var inWords: String {
            switch state {
            case .planned: reason == nil ? "planned" : "begun anew\(because)"
            case .started: "started: the service gave it a place"
            case .stored: "stored: its bytes are there"
            case .completed: "completed: the service scans it"
            case .approved: "approved: it is in the chat"
            case .rejected: "rejected\(because)"
            case .failed: "failed\(because)"
            }
        }

        private var because: String { reason.map { ": \($0)" } ?? "" }
    }

    /// - Parameter damaged: Told of what cannot be read, which is left out.
    static func fetch(
        _ database: Database,
        where condition: String,
        _ arguments: StatementArguments,
        damaged: (StoreError) -> Void
    ) throws -> [Self] {
        let sql = """
            SELECT upload.*, contact, ending FROM upload JOIN session ON session.id = upload.session
            WHERE \(condition) ORDER BY upload.created_at, upload.id
            """
        return try Row.fetchAll(database, sql: sql, arguments: arguments).compactMap { row in
            let changes = try Row.fetchAll(
                database,
                sql: "SELECT * FROM upload_change WHERE upload = ? ORDER BY number",
                arguments: [row["id"] as String]
            )
            do {
                return try Self(row, changes)
            } catch {
                let id: String = row["id"]
                damaged(.damaged(SessionID(rawValue: row["session"]), "the upload \(id)", because: error, path: StoreFiles.databaseName))
                return nil
            }
        }
    }

    private init(_ row: Row, _ changes: [Row]) throws {
        let upload = try Upload(json: row["body"])
        id = upload.id
        session = SessionID(rawValue: row["session"])
        contact = (row["contact"] as String?).map(ContactID.init(_:))
        sessionEnding = row["ending"]
        file = upload.file
        state = upload.state
        attachment = upload.attachmentID
        reason = upload.reason
        createdAt = Timestamp(millisecondsSince1970: row["created_at"])
        updatedAt = Timestamp(millisecondsSince1970: row["updated_at"])
        self.changes = try changes.map { change in
            Change(
                time: Timestamp(millisecondsSince1970: change["time"]),
                state: try Upload.State(stored: change["state"]),
                generation: change["generation"],
                reason: change["reason"]
            )
        }
    }
}

extension Upload.State {
    fileprivate init(stored text: String) throws {
        guard let state = Self(rawValue: text) else {
            throw StoreError(.corrupt, path: StoreFiles.databaseName, problem: "an upload has the unknown state '\(text)'")
        }
        self = state
    }
}
