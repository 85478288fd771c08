import GRDB
import Participant

extension Store {
    /// Looks the whole store over.
    /// - Returns: What is wrong, in words; nothing where all is well.
    package func check() async throws -> [String] {
        let (problems, needed) = try await read { database in
            var problems = try String.fetchAll(database, sql: "PRAGMA integrity_check").filter { $0 != "ok" }.map { "the database: \($0)" }
            let strays = try Row.fetchAll(database, sql: "PRAGMA foreign_key_check").map {
                "a row of '\($0["table"] as String)' belongs to nothing"
            }
            problems += strays
            problems += try self.unreadable(in: database)
            let files = try Row.fetchAll(
                database,
                sql: """
                    SELECT sha256, session.id FROM session_file JOIN session ON session.id = session WHERE ended_at IS NULL
                    UNION SELECT sha256, session.id FROM upload JOIN session ON session.id = session WHERE ended_at IS NULL
                    """
            ).map { (sha256: $0["sha256"] as String, session: $0["id"] as String) }
            return (problems, files)
        }
        let spooled = try await offPool { [spool] in try spool.files() }
        let missing = needed.filter { !spooled.contains($0.sha256) }
            .map { "the file \($0.sha256) is not in the spool; the session \($0.session) may want to send it" }
        var damaged: [String] = []
        for name in spooled.sorted() {
            do {
                if try await offPool({ [spool] in try spool.digest(of: name) }) == name { continue }
                damaged.append("the file \(name) in the spool is not what was put there")
            } catch let error as StoreError {
                damaged.append("the file \(name) in the spool: \(error.problem)")
            }
        }
        return problems + missing + damaged
    }

    /// What of the sessions that go on cannot be read.
    private func unreadable(in database: Database) throws -> [String] {
        var problems: [String] = []
        func examine(_ sql: String, _ read: (Row) throws(StoreError) -> Void) throws {
            for row in try Row.fetchAll(database, sql: sql) {
                do throws(StoreError) {
                    try read(row)
                } catch {
                    problems.append(error.problem)
                }
            }
        }
        try examine("SELECT * FROM session WHERE ended_at IS NULL") { row throws(StoreError) in _ = try session(from: row) }
        let rows = "JOIN session ON session.id = session WHERE ended_at IS NULL"
        try examine("SELECT session, number, body FROM effect \(rows) AND NOT is_done") { row throws(StoreError) in
            _ = try reading("the effect \(row["number"] as Int)", of: SessionID(rawValue: row["session"])) {
                try OutboxEffect.Body(json: row["body"])
            }
        }
        try examine("SELECT session, upload.id, body FROM upload \(rows)") { row throws(StoreError) in
            _ = try reading("the upload \(row["id"] as String)", of: SessionID(rawValue: row["session"])) { try Upload(json: row["body"]) }
        }
        return problems
    }
}
