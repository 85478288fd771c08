import ConnectWire
import FoundationEssentials
import GRDB
import Transport

/// The records in SQLite (WAL, `synchronous=FULL`): a table a kind, each record as JSON beside its key.
final class RecordDatabase: RecordStore {
    private let queue: DatabaseQueue
    private let directory: DataDirectory
    private let lock: DatabaseLock
    private let watch: FileWatch

    /// - Throws: ``DataDirectoryError`` also for a database that a newer program made.
    init(in directory: DataDirectory) throws {
        self.directory = directory
        let path = "\(directory.path)/local.db"
        lock = try Self.lock(path, in: directory)
        do {
            queue = try Self.open(path, lock)
            try Self.migrate(queue, path: directory.path)
            watch = FileWatch(lock, and: [path + "-wal", path + "-shm"])
        } catch {
            lock.release()
            guard let error = error as? DatabaseError else { throw error }
            throw DataDirectoryError(path: directory.path, problem: "SQLite: \(error.message ?? "error \(error.resultCode.rawValue)")")
        }
    }

    private static func lock(_ path: String, in directory: DataDirectory) throws(DataDirectoryError) -> DatabaseLock {
        do throws(FileProblem) {
            if let lock = try DatabaseLock(path: path) { return lock }
        } catch {
            throw DataDirectoryError(error, in: directory.path)
        }
        throw DataDirectoryError(inUseAt: directory.path)
    }

    private static func open(_ path: String, _ lock: DatabaseLock) throws -> DatabaseQueue {
        var configuration = GRDB.Configuration()
        configuration.journalMode = .wal
        configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL") }
        // The lock must outlive the connection.
        configuration.prepareDatabase { _ in withExtendedLifetime(lock) {} }
        return try DatabaseQueue(path: path, configuration: configuration)
    }

    deinit {
        // The connection, and with it the lock's descriptor, may live a little longer.
        lock.release()
    }

    /// Not cancelled with its task: what was begun is finished.
    func commit(_ changes: [Change]) async throws {
        do {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                queue.asyncWrite(
                    { database in for change in changes { try Self.write(change, to: database) } },
                    completion: { _, result in continuation.resume(with: Result { try self.checkPlace(after: result) }) }
                )
            }
        } catch let error as DatabaseError {
            let advice =
                error.resultCode == .SQLITE_FULL ? "the disk is full" : "SQLite: \(error.message ?? "error \(error.resultCode.rawValue)")"
            throw DataDirectoryError(path: directory.path, problem: advice)
        }
    }

    /// What went into a file that was removed or replaced meanwhile is not stored.
    private func checkPlace(after result: Result<Void, any Error>) throws {
        try result.get()
        if let lost = watch.lost {
            throw DataDirectoryError(path: directory.path, problem: "\(lost) was removed or replaced while it was in use")
        }
    }

    /// Gives every record to the body, those that others refer to first.
    /// - Parameter damaged: Told of a record that cannot be read, which is left out: what is damaged of one chat keeps no other from going on.
    /// - Throws: ``DataDirectoryError`` for a database that is damaged.
    func forEachRecord(damaged: (String) -> Void, _ body: (Change) -> Void) throws {
        do {
            try queue.read { database in try Self.readAll(from: database, damaged, body) }
        } catch let error as DatabaseError {
            throw DataDirectoryError(path: directory.path, problem: "SQLite: \(error.message ?? "error \(error.resultCode.rawValue)")")
        }
    }

    private static func readAll(from database: Database, _ damaged: (String) -> Void, _ body: (Change) -> Void) throws {
        func read<Record: Decodable>(_ table: String, _ change: (Record) -> Change) throws {
            let rows = try Row.fetchCursor(database, sql: "SELECT key, value FROM \(table) ORDER BY rowid")
            while let row = try rows.next() {
                guard let record = try? JSONDecoder().decode(Record.self, from: row["value"]) else {
                    damaged("the \(table) \(row["key"] as String)")
                    continue
                }
                body(change(record))
            }
        }
        try read("contact", Change.contact)
        try read("participant", Change.participant)
        try read("attachment", Change.attachment)
        try read("token_grant", Change.grant)
        try read("outcome", Change.outcome)
        let items = try Row.fetchCursor(database, sql: "SELECT contact, number, value FROM item ORDER BY contact, number")
        var time = Timestamp(millisecondsSince1970: 0)
        while let row = try items.next() {
            let (contact, number) = (ContactID(row["contact"]), row["number"] as Int)
            var item = try? JSONDecoder().decode(Item.self, from: row["value"])
            if item == nil {
                damaged("item \(number) of the contact \(contact)")
                // Items are numbered by their place, so there must be something in this one.
                item = .damaged(number, of: contact, at: time)
            }
            guard let item else { continue }
            time = item.absoluteTime
            body(.item(item, number: number, of: contact))
        }
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

extension Item {
    /// Stands for an item that cannot be read any more.
    fileprivate static func damaged(_ number: Int, of contact: ContactID, at time: Timestamp) -> Item {
        Item(
            id: ItemID("damaged-\(contact)-\(number)"),
            absoluteTime: time,
            type: .message,
            contentType: .plainText,
            content: "This entry of the transcript is damaged.",
            participantRole: .system,
            contactID: contact
        )
    }
}

extension OutcomeKey {
    /// Unique: ids and operations have no line breaks.
    fileprivate var text: String { "\(scope)\n\(operation)\n\(token)" }
}
