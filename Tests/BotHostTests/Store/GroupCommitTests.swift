import Dispatch
import GRDB
import Synchronization
import Testing

@testable import BotHost

@Suite("Group commit", .timeLimit(.minutes(1)))
struct GroupCommitTests {
    private let folder: TemporaryFolder
    /// The database works in its turn. While it is suspended, changes wait.
    private let queue = DispatchQueue(label: "group-commit-test")
    private let database: DatabaseQueue
    private let commits: GroupCommit

    init() throws {
        folder = try TemporaryFolder()
        var configuration = Configuration()
        configuration.targetQueue = queue
        database = try DatabaseQueue(path: folder.path + "/db", configuration: configuration)
        try database.write { try $0.execute(sql: "CREATE TABLE word (session INTEGER, number INTEGER, UNIQUE (session, number))") }
        commits = GroupCommit(database)
    }

    private struct Refused: Error {}

    /// Makes changes, the writer being held up until all of them wait.
    /// - Returns: How each went, and how many transactions were committed.
    private func store(
        _ count: Int,
        _ change: @escaping @Sendable (Database, Int) throws -> Void
    ) async throws -> (failed: Set<Int>, transactions: Int) {
        let counter = TransactionCounter()
        try await database.write { $0.add(transactionObserver: counter, extent: .databaseLifetime) }
        counter.reset()
        queue.suspend()
        let failed = await withTaskGroup(of: Int?.self) { group in
            for number in 0..<count {
                group.addTask { [commits] in
                    do {
                        try await commits.write { try change($0, number) }
                        return nil
                    } catch {
                        return number
                    }
                }
            }
            while commits.waiting < count { try? await Task.sleep(for: .milliseconds(1)) }
            queue.resume()
            return await group.reduce(into: Set()) { failed, number in failed.formUnion(number.map { [$0] } ?? []) }
        }
        return (failed, counter.count)
    }

    private static func say(_ number: Int, of session: Int = 0, in database: Database) throws {
        try database.execute(sql: "INSERT INTO word VALUES (?, ?)", arguments: [session, number])
    }

    private var words: Int { get throws { try database.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM word") ?? 0 } } }

    @Test("Changes that wait at the same moment share one transaction")
    func shares() async throws {
        let result = try await store(200) { try Self.say($1, in: $0) }
        #expect(result.failed.isEmpty)
        #expect(result.transactions == 1)
        #expect(try words == 200)
    }

    @Test("No transaction grows without bound")
    func limit() async throws {
        let result = try await store(600) { try Self.say($1, in: $0) }
        #expect(result.transactions == 3)
        #expect(try words == 600)
    }

    @Test("One that fails fails alone, whole, and is told why")
    func failure() async throws {
        let result = try await store(100) { database, number in
            try Self.say(number, in: database)
            if number == 7 { throw Refused() }
            if number == 9 { try Self.say(number, in: database) }
        }
        #expect(result.failed == [7, 9])
        #expect(try words == 98)
    }

    @Test("The changes of one session are stored in their order, whatever others do")
    func order() async throws {
        try await withThrowingTaskGroup(of: Void.self) { group in
            for session in 0..<20 {
                group.addTask { [commits] in
                    for number in 0..<20 {
                        let before = try await commits.write { database in
                            let before = try Int.fetchOne(
                                database,
                                sql: "SELECT count(*) FROM word WHERE session = ?",
                                arguments: [session]
                            )
                            try Self.say(number, of: session, in: database)
                            return before
                        }
                        #expect(before == number)
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(try words == 400)
    }
}

/// Counts what is committed.
private final class TransactionCounter: TransactionObserver, Sendable {
    private let commits = Mutex(0)

    var count: Int { commits.withLock { $0 } }

    func reset() { commits.withLock { $0 = 0 } }

    func observes(eventsOfKind eventKind: DatabaseEventKind) -> Bool { true }
    func databaseDidChange(with event: DatabaseEvent) {}
    func databaseDidCommit(_ database: Database) { commits.withLock { $0 += 1 } }
    func databaseDidRollback(_ database: Database) {}
}
