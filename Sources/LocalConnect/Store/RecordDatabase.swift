import ConnectWire
import FoundationEssentials
import GRDB

/// The records in SQLite (WAL, `synchronous=FULL`): a table a kind, each record as JSON beside its key.
final class RecordDatabase: RecordStore {
    private let queue: DatabaseQueue
    private let directory: DataDirectory

    /// - Throws: ``DataDirectoryError`` also for a database that a newer program made.
    init(in directory: DataDirectory) throws {
        self.directory = directory
        do {
            var configuration = GRDB.Configuration()
            configuration.journalMode = .wal
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
            queue = try DatabaseQueue(path: "\(directory.path)/local.db", configuration: configuration)
            try Self.migrate(queue, path: directory.path)
        } catch let error as DatabaseError {
            throw DataDirectoryError(path: directory.path, problem: "SQLite: \(error.message ?? "error \(error.resultCode.rawValue)")")
        }
    }

    /// Not cancelled with its task: what was begun is finished.
    func commit(_ changes: [Change]) async throws {
        do {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                queue.asyncWrite(
                    { database in for change in changes { try Self.write(change, to: database) } },
                    completion: { _, result in continuation.resume(with: result) }
                )
            }
        } catch let error as DatabaseError {
            let advice =
                error.resultCode == .SQLITE_FULL ? "the disk is full" : "SQLite: \(error.message ?? "error \(error.resultCode.rawValue)")"
            throw DataDirectoryError(path: directory.path, problem: advice)
        }
    }

    /// Gives every record to the body, those that others refer to first.
    /// - Throws: ``DataDirectoryError`` for a database that is damaged.
    func forEachRecord(_ body: (Change) throws -> Void) throws {
        do {
            try queue.read { database in try Self.readAll(from: database, body) }
        } catch let error as DatabaseError {
            throw DataDirectoryError(path: directory.path, problem: "SQLite: \(error.message ?? "error \(error.resultCode.rawValue)")")
        } catch is DecodingError {
            throw DataDirectoryError(path: directory.path, problem: "a record cannot be read; restore the folder from a backup")
        }
    }

    private static func readAll(from database: Database, _ body: (Change) throws -> Void) throws {
        try read(Contact.self, "contact", from: database) { try body(.contact($0)) }
        try read(Participant.self, "participant", from: database) { try body(.participant($0)) }
        try read(Attachment.self, "attachment", from: database) { try body(.attachment($0)) }
        try read(TokenGrant.self, "token_grant", from: database) { try body(.grant($0)) }
        try read(Outcome.self, "outcome", from: database) { try body(.outcome($0)) }
        let items = try Row.fetchCursor(database, sql: "SELECT contact, number, value FROM item ORDER BY contact, number")
        while let row = try items.next() {
            let item = try JSONDecoder().decode(Item.self, from: row["value"])
            try body(.item(item, number: row["number"], of: ContactID(row["contact"])))
        }
    }

    private static func read<Record: Decodable>(
        _ type: Record.Type,
        _ table: String,
        from database: Database,
        _ body: (Record) throws -> Void
    ) throws {
        let rows = try Data.fetchCursor(database, sql: "SELECT value FROM \(table) ORDER BY rowid")
        while let data = try rows.next() { try body(try JSONDecoder().decode(type, from: data)) }
    }

    private static func write(_ change: Change, to database: Database) throws {
        switch change {
        case .contact(let contact): try put(contact, "contact", key: contact.id.rawValue, in: database)
        case .participant(let participant): try put(participant, "participant", key: participant.id.rawValue, in: database)
        case .attachment(let attachment): try put(attachment, "attachment", key: attachment.id.rawValue, in: database)
        case .grant(let grant): try put(grant, "token_grant", key: grant.digest.rawValue, in: database)
        case .revocation(let digest):
            try database.cachedStatement(sql: "DELETE FROM token_grant WHERE key = ?").execute(arguments: [digest.rawValue])
        case .outcome(let outcome): try put(outcome, "outcome", key: outcome.key.text, in: database)
        case .oblivion(let key):
            try database.cachedStatement(sql: "DELETE FROM outcome WHERE key = ?").execute(arguments: [key.text])
        case .item(let item, let number, let contact):
            try database.cachedStatement(
                sql: "INSERT INTO item VALUES (?, ?, ?) ON CONFLICT (contact, number) DO UPDATE SET value = excluded.value"
            ).execute(arguments: [contact.rawValue, number, try JSONEncoder().encode(item)])
        }
    }

    private static func put(_ record: some Encodable, _ table: String, key: String, in database: Database) throws {
        try database.cachedStatement(
            sql: "INSERT INTO \(table) (key, value) VALUES (?, ?) ON CONFLICT (key) DO UPDATE SET value = excluded.value"
        ).execute(arguments: [key, try JSONEncoder().encode(record)])
    }
}

extension OutcomeKey {
    /// Unique: ids and operations have no line breaks.
    fileprivate var text: String { "\(scope)\n\(operation)\n\(token)" }
}
