import GRDB
import Synchronization

/// Stores the changes of many sessions in one transaction, and so with one fsync: who comes while a transaction is on its way to the disk shares the
/// next.
///
/// Changes are stored in the order in which they came, and one that fails fails alone. The queue is bounded by its callers, each of which waits for
/// its own change.
final class GroupCommit: Sendable {
    private struct Change: Sendable {
        /// Makes the change, and gives what tells its caller once it is committed.
        var apply: @Sendable (Database) throws -> Acknowledgement
        var fail: @Sendable (any Error) -> Void
    }

    private typealias Acknowledgement = @Sendable () -> Void

    /// Changes that share a transaction at most.
    private static let limit = 256

    private let database: DatabaseQueue
    /// Nil for a database in memory.
    private let files: StoreFiles?
    private let pending = Mutex<[Change]>([])

    init(_ database: DatabaseQueue, files: StoreFiles? = nil) {
        self.database = database
        self.files = files
    }

    /// How many changes wait for their transaction.
    var waiting: Int { pending.withLock { $0.count } }

    /// Returns when the change is on the disk.
    func write<Value: Sendable>(_ updates: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        try await withCheckedThrowingContinuation { continuation in
            let change = Change(
                apply: { database in
                    let value = try updates(database)
                    return { continuation.resume(returning: value) }
                },
                fail: { continuation.resume(throwing: $0) }
            )
            pending.withLock { $0.append(change) }
            database.asyncWriteWithoutTransaction { self.commitPending(in: $0) }
        }
    }

    private func commitPending(in database: Database) {
        let changes = pending.withLock { pending in
            defer { pending.removeFirst(min(pending.count, Self.limit)) }
            return pending.prefix(Self.limit)
        }
        // Whoever scheduled this may have shared an earlier transaction.
        guard let only = changes.first else { return }
        do {
            try files?.check()
            try commit(changes, in: database)
        } catch let error as StoreError where error.code == .gone {
            files?.rescueLog(database)
            for change in changes { change.fail(error) }
        } catch  where changes.count == 1 {
            only.fail(error)
        } catch let error as DatabaseError where error.resultCode == .SQLITE_BUSY {
            // Nobody's fault here; to wait for the lock once more for each would keep all of them, and everybody behind them, for minutes.
            for change in changes { change.fail(error) }
        } catch {
            // One of them is at fault, or the disk: each is tried alone, and hears of its own error.
            for change in changes {
                do {
                    try commit([change], in: database)
                } catch {
                    change.fail(error)
                }
            }
        }
    }

    private func commit(_ changes: ArraySlice<Change>, in database: Database) throws {
        var acknowledgements: [Acknowledgement] = []
        defer { files?.noteHeader() }
        try database.inTransaction(.immediate) {
            for change in changes { acknowledgements.append(try change.apply(database)) }
            return .commit
        }
        // What went into a file that is gone is not stored.
        try files?.check()
        for acknowledge in acknowledgements { acknowledge() }
    }
}
