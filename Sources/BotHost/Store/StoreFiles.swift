import GRDB
import Transport

/// The files of a store that is open, which it must have to itself, and find again.
///
/// SQLite goes on in a file that was unlinked or replaced, and all that it takes then is in a file that nobody will ever open again.
final class StoreFiles: Sendable {
    private let folder: String
    private let database: DatabaseLock
    private let watch: FileWatch
    /// What this run has written into the database's header; nil where it could not. Another database, copied over this one, has another.
    private let mark: Int32?

    static let databaseName = "attache.db"
    private static let log = [databaseName + "-wal", databaseName + "-shm"]

    /// Sees to it that a store's files are their owner's alone.
    static func close(in folder: String) throws(FileProblem) {
        // Not the key: one that others may have read is refused when it is read.
        for name in [databaseName, "attache.lock"] + log { try PrivateFile.close("\(folder)/\(name)") }
    }

    static func lock(in folder: String) throws -> DatabaseLock {
        let path = "\(folder)/\(databaseName)"
        do {
            guard let lock = try DatabaseLock(path: path) else { throw StoreError(inUseAt: path) }
            return lock
        } catch let problem as FileProblem {
            throw StoreError(problem, path: path)
        }
    }

    /// - Parameter queue: Open, and with its log.
    /// - Parameter hasKey: Whether the key file is in use.
    init(in folder: String, locked database: DatabaseLock, openedAs queue: DatabaseQueue, hasKey: Bool) {
        self.folder = folder
        self.database = database
        mark = Self.mark(queue, database)
        watch = FileWatch(database, and: (Self.log + (hasKey ? ["key"] : [])).map { "\(folder)/\($0)" })
    }

    /// The header is read past SQLite, so the mark must have gone through the log. Where the disk is full, or somebody reads, there is none.
    private static func mark(_ queue: DatabaseQueue, _ file: DatabaseLock) -> Int32? {
        let mark = Int32.random(in: 1...Int32.max)
        try? queue.writeWithoutTransaction { database in
            try database.execute(sql: "PRAGMA user_version = \(mark)")
            _ = try database.checkpoint(.passive)
        }
        return file.userVersion == mark ? mark : nil
    }

    /// Lets another host have the store.
    func release() {
        database.release()
    }

    /// - Throws: ``StoreError`` with `gone`.
    func check() throws {
        if let lost = watch.lost {
            let name = String(lost.dropFirst(folder.count + 1))
            let end =
                switch name {
                case Self.databaseName: "it is back in its place, or the host is started again without it"
                case _ where Self.log.contains(name): "the host is started again"
                default: "it is back in its place"
                }
            throw StoreError(.gone, path: folder, problem: "\(name) was removed or replaced; nothing new is accepted until \(end)")
        }
        guard let mark, database.userVersion != mark else { return }
        let remedy = "stop the host, restore the folder from a backup, and start it again"
        throw StoreError(.gone, path: folder, problem: "\(Self.databaseName) was overwritten, so nothing new is accepted: \(remedy)")
    }

    /// Moves what the log has into the database, where a later run finds it, though not the log.
    func rescueLog(_ database: Database) {
        guard watch.lost != self.database.path else { return }
        _ = try? database.checkpoint(.passive)
    }
}
