import Dispatch
import Foundation
import GRDB
package import Participant
import Synchronization
package import Transport

/// What must survive: sessions and their dialogues, the outbox, uploads, encrypted tokens. One host a store.
///
/// A folder with `attache.db` (SQLite, WAL, `synchronous=FULL`), its lock, the key file, and the spool.
package final class Store: Sendable {
    /// Where it is; of a store in memory, where its spool is.
    package let folder: String
    let database: DatabaseQueue
    private let commits: GroupCommit
    /// Nil for a store in memory.
    private let files: StoreFiles?
    let cipher: TokenCipher
    let fingerprints: Fingerprints
    package let spool: Spool
    let diskQueue = DispatchQueue(label: "attache.spool")
    let crashPoints: CrashPoints
    private let time: any TimeSource
    private let failures = Mutex(Failures())
    /// Nil for a store that no other process can open.
    private let lock: StoreLock?
    /// What others may do in its folder, and how that ends; nil where they may do nothing.
    package let warning: String?

    /// Why the last change, and the last file, could not be stored; nil when it could.
    private struct Failures {
        var database: StoreError?
        var spool: StoreError?
    }

    /// Opens the store, or makes it.
    /// - Parameter folder: Made with mode 0700 where it is missing; one that anybody may write to is refused. Its files get the mode 0600.
    /// - Parameter key: From the environment; nil for the key file in the folder.
    /// - Throws: ``StoreError``, ``TokenKeyError``.
    package init(folder: String, key: TokenKey? = nil, time: any TimeSource = SystemTime(), crashPoints: CrashPoints = .none) throws {
        do throws(FileProblem) {
            warning = try PrivateFolder.prepare(folder)
            try StoreFiles.close(in: folder)
        } catch {
            throw StoreError(error, path: folder)
        }
        self.folder = folder
        self.time = time
        self.crashPoints = crashPoints
        lock = try StoreLock(path: folder + "/attache.lock")
        let file = try StoreFiles.lock(in: folder)
        do {
            spool = try Spool(folder: folder + "/spool", isDurable: true)
            database = try Self.open(file.path) { path, configuration in
                configuration.journalMode = .wal
                // The lock must outlive the connection.
                configuration.prepareDatabase { _ in withExtendedLifetime(file) {} }
                return try DatabaseQueue(path: path, configuration: configuration)
            }
            (cipher, fingerprints) = try Self.unlock(database, in: folder, with: key)
        } catch {
            file.release()
            throw error
        }
        files = StoreFiles(in: folder, locked: file, openedAs: database, hasKey: key == nil)
        commits = GroupCommit(database, files: files)
    }

    /// A store that is gone with the process; only the spool is on disk.
    package init(inMemoryWithSpoolIn folder: String, time: any TimeSource) throws {
        self.folder = folder
        self.time = time
        crashPoints = .none
        lock = nil
        warning = nil
        files = nil
        cipher = TokenCipher(key: .random())
        fingerprints = Fingerprints(key: Fingerprints.newKey())
        spool = try Spool(folder: folder, isDurable: false)
        database = try Self.open(":memory:") { _, configuration in try DatabaseQueue(configuration: configuration) }
        commits = GroupCommit(database)
    }

    deinit {
        // The connection, and with it the lock's descriptor, may live a little longer.
        files?.release()
    }

    private static func open(_ path: String, _ open: (String, inout Configuration) throws -> DatabaseQueue) throws -> DatabaseQueue {
        do {
            var configuration = Configuration()
            // Reads wait for it, too, and so does whoever brings a new chat.
            configuration.busyMode = .timeout(3)
            // What is deleted is overwritten, so that what was forgotten is in no free page either.
            configuration.prepareDatabase {
                try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON")
            }
            let database = try open(path, &configuration)
            try migrate(database, path: path)
            return database
        } catch let error as StoreError {
            throw error
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        } catch {
            throw StoreError(.unusable, path: path, problem: "\(error)")
        }
    }

    /// Every change goes through here: changes of many sessions share a transaction, and a full disk and a broken page are told in the same words.
    func write<Value: Sendable>(_ updates: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            let value = try await time.whileBusy { try await commits.write(updates) }
            failures.withLock { $0.database = nil }
            return value
        } catch let error as DatabaseError {
            let error = StoreError(error, path: folder)
            failures.withLock { $0.database = error }
            throw error
        }
    }

    /// Whether what is new can be stored: whether the store's files are in their places, and asked of the disk, if the last change or file could
    /// not be.
    /// - Returns: What is in the way.
    package func trouble() async -> StoreError? {
        if let error = await loss() {
            // Which sees to the log.
            try? await write { _ in }
            return error
        }
        guard failures.withLock({ $0.database != nil || $0.spool != nil }) else { return nil }
        do {
            try await write { try $0.execute(sql: "INSERT OR REPLACE INTO secret (name, value) VALUES ('probe', randomblob(4096))") }
            try await spooling { [spool] in try spool.probe() }
        } catch {
            return error as? StoreError ?? StoreError(.unusable, path: folder, problem: "\(error)")
        }
        return nil
    }

    private func loss() async -> StoreError? {
        do {
            try await offPool { [files, spool] in
                try files?.check()
                try spool.checkFolder()
            }
            return nil
        } catch {
            return error as? StoreError
        }
    }

    /// Work on the spool. How it went is what ``trouble()`` goes by.
    func spooling<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        do {
            let value = try await offPool(work)
            failures.withLock { $0.spool = nil }
            return value
        } catch let error as StoreError {
            failures.withLock { $0.spool = error }
            throw error
        }
    }

    /// Work on database and spool that no change may come in between of. It makes its own transactions.
    func exclusively<Value: Sendable>(_ work: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await time.whileBusy {
                try await database.writeWithoutTransaction { [files] database in
                    try files?.check()
                    defer { files?.noteHeader() }
                    return try work(database)
                }
            }
        } catch let error as DatabaseError {
            throw StoreError(error, path: folder)
        }
    }

    /// Work that blocks on the disk, away from the few threads that everything else shares.
    func offPool<Value: Sendable>(_ work: @escaping @Sendable () throws -> Value) async throws -> Value {
        try await time.whileBusy {
            try await withCheckedThrowingContinuation { continuation in
                diskQueue.async { continuation.resume(with: Result(catching: work)) }
            }
        }
    }

    func read<Value: Sendable>(_ value: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await time.whileBusy { try await database.read(value) }
        } catch let error as DatabaseError {
            throw StoreError(error, path: folder)
        }
    }
}
