package import ConnectWire
package import FoundationEssentials
import GRDB
import Participant

extension Store {
    /// Stores a turn. After this, the turn has happened, whatever dies next.
    package func commit(_ turn: TurnRecord, at now: Date) async throws {
        let dialogue = try turn.dialogue.json()
        let effects = try turn.effects.map { (effect: $0, body: try OutboxEffect.Body(kind: $0.kind, place: $0.place).json()) }
        let uploads = try turn.uploads.map { (planned: $0, body: try $0.upload.json()) }
        let files = Set(turn.files.map(\.sha256) + turn.uploads.map(\.upload.file.sha256))
        try await write { [spool] database in
            // Nothing is removed from the spool while a change is made, but it may have been before: then the files must be made again.
            if let missing = files.first(where: { !spool.contains($0) }) {
                throw StoreError(.missing, path: spool.path(of: missing), problem: "the file was removed from the spool before it was used")
            }
            let session = turn.session.rawValue
            try database.execute(
                sql: """
                    UPDATE session SET dialogue = ?, participant = coalesce(?, participant), contact = coalesce(?, contact),
                        has_connected = has_connected OR ? WHERE id = ?
                    """,
                arguments: [dialogue, turn.participantID?.rawValue, turn.contactID?.rawValue, turn.hasConnected, session]
            )
            for item in turn.seen {
                try database.execute(
                    sql: "INSERT OR IGNORE INTO seen_item (session, item, time) VALUES (?, ?, ?)",
                    arguments: [session, item.id.rawValue, item.time.millisecondsSince1970]
                )
            }
            for finished in turn.finished {
                try database.execute(
                    sql: "UPDATE effect SET is_done = 1, item = coalesce(?, item) WHERE session = ? AND number = ?",
                    arguments: [finished.item?.rawValue, session, finished.id.rawValue]
                )
            }
            for file in turn.files {
                try database.execute(
                    sql: "INSERT OR IGNORE INTO session_file (session, sha256) VALUES (?, ?)",
                    arguments: [session, file.sha256]
                )
            }
            for (effect, body) in effects {
                try database.execute(
                    sql: "INSERT INTO effect (session, number, body, client_token, decided_at) VALUES (?, ?, ?, ?, ?)",
                    arguments: [session, effect.id.rawValue, body, effect.clientToken.rawValue, effect.decidedAt.milliseconds]
                )
            }
            for (planned, body) in uploads {
                try database.execute(
                    sql: """
                        INSERT INTO upload (id, session, effect, state, sha256, body, created_at, updated_at)
                        VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                        """,
                    arguments: [
                        planned.upload.id, session, planned.effect.rawValue, planned.upload.state.rawValue, planned.upload.file.sha256,
                        body,
                        now.milliseconds, now.milliseconds,
                    ]
                )
                try Self.note(planned.upload, at: now, in: database)
            }
        }
    }

    /// The effects that are not known to be done, in order.
    package func openEffects(of session: SessionID) async throws -> [OutboxEffect] {
        try await read { database in
            let rows = try Row.fetchAll(
                database,
                sql: "SELECT * FROM effect WHERE session = ? AND NOT is_done ORDER BY number",
                arguments: [session.rawValue]
            )
            return try rows.map { row in
                let body = try self.reading("an effect", of: session) { try OutboxEffect.Body(json: row["body"]) }
                return OutboxEffect(
                    id: EffectID(rawValue: row["number"]),
                    kind: body.kind,
                    place: body.place,
                    clientToken: ClientToken(rawValue: row["client_token"]),
                    decidedAt: Date(milliseconds: row["decided_at"]),
                    isOfEarlierRun: true
                )
            }
        }
    }

    /// What effects of the session are known to have become.
    func ownItems(of session: SessionID) async throws -> OwnItems {
        let arguments: StatementArguments = [session.rawValue]
        let (participant, items, uploads) = try await read { database in
            (
                try String.fetchOne(database, sql: "SELECT participant FROM session WHERE id = ?", arguments: arguments),
                try String.fetchSet(database, sql: "SELECT item FROM effect WHERE session = ? AND item IS NOT NULL", arguments: arguments),
                try String.fetchAll(database, sql: "SELECT body FROM upload WHERE session = ?", arguments: arguments)
            )
        }
        return OwnItems(
            participant: participant.map(ParticipantID.init(_:)),
            items: Set(items.map(ItemID.init(_:))),
            attachments: Set(
                try uploads.compactMap { body in try reading("an upload", of: session) { try Upload(json: body) }.attachmentID }
            )
        )
    }

    /// What is damaged of a session is that session's misfortune alone.
    func reading<Value>(_ what: String, of session: SessionID, _ value: () throws -> Value) throws(StoreError) -> Value {
        do {
            return try value()
        } catch {
            throw .damaged(session, what, because: error, path: folder)
        }
    }

    /// What the service has told of a session's contact and participant.
    package func ids(of session: SessionID) async throws -> (contact: ContactID?, participant: ParticipantID?) {
        try await read { database in
            let row = try Row.fetchOne(
                database,
                sql: "SELECT contact, participant FROM session WHERE id = ?",
                arguments: [session.rawValue]
            )
            return ((row?["contact"] as String?).map(ContactID.init(_:)), (row?["participant"] as String?).map(ParticipantID.init(_:)))
        }
    }

    /// Whether a step of this session made the file.
    package func owns(_ session: SessionID, file sha256: String) async throws -> Bool {
        try await read { database in
            try Bool.fetchOne(
                database,
                sql: "SELECT EXISTS (SELECT 1 FROM session_file WHERE session = ? AND sha256 = ?)",
                arguments: [session.rawValue, sha256]
            ) ?? false
        }
    }
}
