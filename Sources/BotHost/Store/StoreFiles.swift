import GRDB
import Synchronization
import Transport

/// The files of a store that is open, which it must have to itself, and find again.
///
/// SQLite goes on in a file that was unlinked or replaced, and all that it takes then is in a file that nobody will ever open again.
final class StoreFiles: Sendable {
    private let folder: String
    private let database: DatabaseLock
    private let watch: FileWatch
    /// What this run has put into the database's header, which comes to the file by way of the log; nil where the disk was full.
    private let mark: Int32?
    /// As this process last left it. Another database, copied over this one, has another.
    private let header: Mutex<DatabaseHeader>

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
        mark = Self.mark(queue)
        header = Mutex(database.header)
        watch = FileWatch(database, and: (Self.log + (hasKey ? ["key"] : [])).map { "\(folder)/\($0)" })
    }

    private static func mark(_ queue: DatabaseQueue) -> Int32? {
        let mark = Int32.random(in: 1...Int32.max)
        do {
            try queue.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = \(mark)") }
            return mark
        } catch {
            return nil
        }
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
        let found = database.header
        // A tool of SQLite may have emptied the log meanwhile.
        if header.withLock({ $0 == found }) || mark != nil && found.userVersion == mark { return }
        let remedy = "stop the host, restore the folder from a backup, and start it again"
        throw StoreError(.gone, path: folder, problem: "\(Self.databaseName) was overwritten, so nothing new is accepted: \(remedy)")
    }

    /// To be called when this process has written, before anybody else may.
    func noteHeader() {
        let found = database.header
        header.withLock { $0 = found }
    }

    /// Where the log is what was lost, moves what it has into the database, which a later run finds.
    func rescueLog(_ database: Database) {
        guard let lost = watch.lost, Self.log.contains(where: { lost == "\(folder)/\($0)" }) else { return }
        _ = try? database.checkpoint(.passive)
    }
}
