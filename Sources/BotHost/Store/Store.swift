import Dispatch
import Foundation
import GRDB
package import Participant
package import Transport

/// What must survive: sessions and their dialogues, the outbox, uploads, encrypted tokens. One host a store.
///
/// A folder with `attache.db` (SQLite, WAL, `synchronous=FULL`), its lock, the key file, and the spool.
package final class Store: Sendable {
    let database: DatabaseQueue
    private let commits: GroupCommit
    let cipher: TokenCipher
    package let spool: Spool
    let diskQueue = DispatchQueue(label: "attache.spool")
    let crashPoints: CrashPoints
    private let time: any TimeSource
    /// Nil for a store that no other process can open.
    private let lock: StoreLock?

    /// Opens the store, or makes it.
    /// - Parameter folder: Made with mode 0700 where it is missing.
    /// - Parameter key: From the environment; nil for the key file in the folder.
    /// - Throws: ``StoreError``.
    package init(folder: String, key: TokenKey? = nil, time: any TimeSource = SystemTime(), crashPoints: CrashPoints = .none) throws {
        do {
            try FileManager.default.createDirectory(
                atPath: folder,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw StoreError(.unusable, path: folder, problem: "the folder cannot be made: \(error.localizedDescription)")
        }
        self.time = time
        self.crashPoints = crashPoints
        lock = try StoreLock(path: folder + "/attache.lock")
        cipher = TokenCipher(key: try key ?? TokenKey.fromFile(at: folder + "/key"))
        spool = try Spool(folder: folder + "/spool", isDurable: true)
        database = try Self.open(folder + "/attache.db") { path, configuration in
            configuration.journalMode = .wal
            return try DatabaseQueue(path: path, configuration: configuration)
        }
        commits = GroupCommit(database)
    }

    /// A store that is gone with the process; only the spool is on disk.
    package init(inMemoryWithSpoolIn folder: String, time: any TimeSource) throws {
        self.time = time
        crashPoints = .none
        lock = nil
        cipher = TokenCipher(key: .random())
        spool = try Spool(folder: folder, isDurable: false)
        database = try Self.open(":memory:") { _, configuration in try DatabaseQueue(configuration: configuration) }
        commits = GroupCommit(database)
    }

    private static func open(_ path: String, _ open: (String, inout Configuration) throws -> DatabaseQueue) throws -> DatabaseQueue {
        do {
            var configuration = Configuration()
            configuration.prepareDatabase { try $0.execute(sql: "PRAGMA synchronous = FULL; PRAGMA foreign_keys = ON") }
            let database = try open(path, &configuration)
            try migrate(database, path: path)
            return database
        } catch let error as StoreError {
            throw error
        } catch {
            throw StoreError(.unusable, path: path, problem: "\(error)")
        }
    }

    /// Every change goes through here: changes of many sessions share a transaction, and a full disk and a broken page are told in the same words.
    func write<Value: Sendable>(_ updates: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await time.whileBusy { try await commits.write(updates) }
        } catch let error as DatabaseError {
            throw StoreError(error, path: spool.folder)
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
            throw StoreError(error, path: spool.folder)
        }
    }
}

/// The store cannot be used, or not any more. New work stops; nothing that was not stored is acknowledged.
package struct StoreError: Error, Sendable, CustomStringConvertible {
    package var code: Code
    package var path: String
    package var problem: String

    package enum Code: Sendable {
        /// Another host has it.
        case inUse
        /// A newer program made it.
        case newerSchema
        case diskFull
        case corrupt
        /// The key is not the one that its tokens were encrypted with.
        case wrongKey
        case unusable
    }

    init(_ code: Code, path: String, problem: String) {
        self.code = code
        self.path = path
        self.problem = problem
    }

    init(_ error: DatabaseError, path: String) {
        switch error.resultCode {
        case .SQLITE_FULL:
            self.init(.diskFull, path: path, problem: "the disk is full; nothing new is accepted until there is room")
        case .SQLITE_CORRUPT, .SQLITE_NOTADB:
            self.init(.corrupt, path: path, problem: "the database is damaged (\(error.message ?? "no details")); restore it from a backup")
        default:
            self.init(.unusable, path: path, problem: "SQLite: \(error.message ?? "error \(error.resultCode.rawValue)")")
        }
    }

    package var description: String { "the store at \(path) cannot be used: \(problem)" }
}
