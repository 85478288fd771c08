package import ConnectWire
package import FoundationEssentials
import GRDB
package import Participant

extension Store {
    /// The name of a session. The participant's id is used where it is known, since its token is the same chat's only by chance.
    package func sessionID(endpoint: Endpoint, participantID: ParticipantID?, token: ParticipantToken) -> SessionID {
        let part = participantID?.rawValue ?? "token-" + fingerprints.fingerprint(of: token)
        return SessionID(rawValue: "\(endpoint.url)#\(part)")
    }

    /// Stores a new session.
    /// - Returns: False when there is one of this id already; nothing has changed then.
    package func insert(_ session: SessionRecord, definition: DefinitionRecord) async throws -> Bool {
        let token = try cipher.seal(session.participantToken, for: session.id.rawValue)
        let dialogue = try session.dialogue.json()
        let attributes = try session.attributes.json()
        return try await write { database in
            try database.execute(
                sql: "INSERT OR IGNORE INTO definition (sha256, path, source) VALUES (?, ?, ?)",
                arguments: [definition.sha256, definition.path, definition.source]
            )
            try database.execute(
                sql: """
                    INSERT OR IGNORE INTO session
                        (id, bot, definition, endpoint, role, participant, contact, attributes, participant_token, dialogue, created_at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                    """,
                arguments: [
                    session.id.rawValue, session.bot, session.definition, session.endpoint.url, session.role.rawValue,
                    session.participantID?.rawValue, session.contactID?.rawValue, attributes, token, dialogue,
                    session.createdAt.milliseconds,
                ]
            )
            return database.changesCount == 1
        }
    }

    /// The sessions that have not ended, the oldest first.
    /// - Parameter damaged: Told of sessions that cannot be read; they are left out, and stay in the store.
    package func liveSessions(damaged: @escaping @Sendable (StoreError) -> Void = { _ in }) async throws -> [SessionRecord] {
        try await read { database in
            try Row.fetchAll(database, sql: "SELECT * FROM session WHERE ended_at IS NULL ORDER BY created_at").compactMap { row in
                do throws(StoreError) {
                    return try self.session(from: row)
                } catch {
                    damaged(error)
                    return nil
                }
            }
        }
    }

    /// - Returns: Nil for a session that has ended, or is not known.
    package func liveSession(_ id: SessionID) async throws -> SessionRecord? {
        try await read { database in
            let sql = "SELECT * FROM session WHERE id = ? AND ended_at IS NULL"
            return try Row.fetchOne(database, sql: sql, arguments: [id.rawValue]).map(self.session(from:))
        }
    }

    package func definition(_ sha256: String) async throws -> DefinitionRecord? {
        try await read { database in
            try Row.fetchOne(database, sql: "SELECT * FROM definition WHERE sha256 = ?", arguments: [sha256]).map {
                DefinitionRecord(sha256: sha256, path: $0["path"], source: $0["source"])
            }
        }
    }

    package func saveCredentials(_ credentials: ConnectionCredentials, of session: SessionID) async throws {
        let token = try cipher.seal(credentials.connectionToken, for: session.rawValue)
        try await write { database in
            try database.execute(
                sql: "UPDATE session SET connection_token = ?, connection_expiry = ? WHERE id = ?",
                arguments: [token, credentials.expiry?.millisecondsSince1970, session.rawValue]
            )
        }
    }

    package func end(_ session: SessionID, ending: String, at now: Date) async throws {
        try await write { database in
            // What is over needs its tokens no more.
            try database.execute(
                sql: "UPDATE session SET ended_at = ?, ending = ?, participant_token = x'', connection_token = NULL WHERE id = ?",
                arguments: [now.milliseconds, ending, session.rawValue]
            )
        }
    }

    /// The last items that were handled, own ones included.
    package func seenItems(of session: SessionID) async throws -> SeenItems {
        let items = try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT item, time FROM seen_item WHERE session = :session
                    UNION ALL SELECT item, decided_at FROM effect WHERE session = :session AND item IS NOT NULL
                    ORDER BY 2 DESC LIMIT 512
                    """,
                arguments: ["session": session.rawValue]
            ).map { (id: ItemID($0["item"] as String), time: Timestamp(millisecondsSince1970: $0["time"])) }
        }
        return SeenItems(items.reversed())
    }

    /// - Throws: ``StoreError`` that names the session.
    func session(from row: Row) throws(StoreError) -> SessionRecord {
        let id = SessionID(rawValue: row["id"])
        // The key has opened the store, so where a token cannot be opened it is the row.
        let token = try reading("the token", of: id) {
            try cipher.open(row["participant_token"], for: id.rawValue, as: ParticipantTokenKind.self)
        }
        let credentials = try reading("the connection's token", of: id) { try self.credentials(from: row, of: id) }
        return SessionRecord(
            id: id,
            bot: row["bot"],
            definition: row["definition"],
            endpoint: try reading("the endpoint", of: id) { try Endpoint(parsing: row["endpoint"]) },
            role: ParticipantRole(rawValue: row["role"]),
            participantID: (row["participant"] as String?).map(ParticipantID.init(_:)),
            contactID: (row["contact"] as String?).map(ContactID.init(_:)),
            attributes: try reading("the attributes", of: id) { try [String: String](json: row["attributes"]) },
            participantToken: token,
            credentials: credentials,
            hasConnected: row["has_connected"],
            dialogue: try reading("the dialogue", of: id) { try DialogueState(json: row["dialogue"]) },
            createdAt: Date(milliseconds: row["created_at"])
        )
    }

    private func credentials(from row: Row, of session: SessionID) throws -> ConnectionCredentials? {
        guard let sealed: Data = row["connection_token"] else { return nil }
        let expiry: Int64? = row["connection_expiry"]
        return ConnectionCredentials(
            connectionToken: try cipher.open(sealed, for: session.rawValue),
            expiry: expiry.map(Timestamp.init(millisecondsSince1970:))
        )
    }
}
