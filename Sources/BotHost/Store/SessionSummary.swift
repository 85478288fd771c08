package import ConnectWire
import GRDB

/// A session as an operator sees it. No tokens, and nothing of what was said.
package struct SessionSummary: Encodable, Sendable {
    package var id: SessionID
    package var bot: String
    package var contact: ContactID?
    package var participant: ParticipantID?
    package var role: ParticipantRole
    package var endpoint: String
    package var createdAt: Timestamp
    /// Whether it was ever connected.
    package var hasConnected: Bool
    /// Effects that are not known to be done.
    package var openEffects: Int
    package var uploads: Int
    /// Nil while it lives.
    package var endedAt: Timestamp?
    /// How it ended.
    package var ending: String?

    static func fetch(_ database: Database, where condition: String, _ arguments: StatementArguments) throws -> [Self] {
        let sql = """
            SELECT *, (SELECT count(*) FROM effect WHERE session = id AND NOT is_done) AS open_effects,
                (SELECT count(*) FROM upload WHERE session = session.id) AS uploads
            FROM session WHERE \(condition) ORDER BY created_at, id
            """
        return try Row.fetchAll(database, sql: sql, arguments: arguments).map(Self.init)
    }

    private init(_ row: Row) {
        id = SessionID(rawValue: row["id"])
        bot = row["bot"]
        contact = (row["contact"] as String?).map(ContactID.init(_:))
        participant = (row["participant"] as String?).map(ParticipantID.init(_:))
        role = ParticipantRole(rawValue: row["role"])
        endpoint = row["endpoint"]
        createdAt = Timestamp(millisecondsSince1970: row["created_at"])
        hasConnected = row["has_connected"]
        openEffects = row["open_effects"]
        uploads = row["uploads"]
        endedAt = (row["ended_at"] as Int64?).map(Timestamp.init(millisecondsSince1970:))
        ending = row["ending"]
    }
}
