import ConnectWire
package import FoundationEssentials
import GRDB
package import Participant

extension Store {
    package func upload(_ id: String) async throws -> Upload? {
        try await read { database in
            let sql = "SELECT session, body FROM upload WHERE id = ?"
            return try Row.fetchOne(database, sql: sql, arguments: [id]).map { row in
                try self.reading("the upload \(id)", of: SessionID(rawValue: row["session"])) { try Upload(json: row["body"]) }
            }
        }
    }

    package func save(_ upload: Upload, at now: Date) async throws {
        let body = try upload.json()
        try await write { database in
            try database.execute(
                sql: "UPDATE upload SET state = ?, body = ?, updated_at = ? WHERE id = ?",
                arguments: [upload.state.rawValue, body, now.milliseconds, upload.id]
            )
            try Self.note(upload, at: now, in: database)
        }
    }

    /// Has an upload that came to no good end begin anew, when its session next goes on from the store.
    func retry(upload id: String, at now: Date) async throws {
        try await write { database in
            guard let body = try String.fetchOne(database, sql: "SELECT body FROM upload WHERE id = ?", arguments: [id]) else { return }
            var upload = try Upload(json: body)
            upload.retry(because: "an operator asked for it")
            try database.execute(
                sql: "UPDATE upload SET state = ?, body = ?, updated_at = ? WHERE id = ?",
                arguments: [upload.state.rawValue, try upload.json(), now.milliseconds, id]
            )
            try Self.note(upload, at: now, in: database)
            try database.execute(
                sql: "UPDATE effect SET is_done = 0 WHERE (session, number) IN (SELECT session, effect FROM upload WHERE id = ?)",
                arguments: [id]
            )
        }
    }

    /// Adds a line to an upload's story.
    static func note(_ upload: Upload, at now: Date, in database: Database) throws {
        try database.execute(
            sql: """
                INSERT INTO upload_change (upload, number, state, generation, reason, time)
                SELECT ?, coalesce(max(number), 0) + 1, ?, ?, ?, ? FROM upload_change WHERE upload = ?
                """,
            arguments: [upload.id, upload.state.rawValue, upload.generation, upload.reason, now.milliseconds, upload.id]
        )
    }

    /// Puts a generated file into the spool.
    package func spool(_ bytes: [UInt8]) async throws -> (size: Int64, sha256: String) {
        let spool = spool
        let stored = try await spooling {
            var block: Data? = Data(bytes)
            return try spool.insert {
                defer { block = nil }
                return block
            }
        }
        crashPoints.pass(.spoolWritten)
        return stored
    }

    /// Copies a file that is open into the spool.
    func spool(_ file: OpenFile) async throws -> (size: Int64, sha256: String) {
        let spool = spool
        let stored = try await spooling {
            var offset: Int64 = 0
            return try spool.insert {
                let block = try file.block(at: offset)
                offset += Int64(block?.count ?? 0)
                return block
            }
        }
        crashPoints.pass(.spoolWritten)
        return stored
    }

    /// Copies a file into the spool.
    package func spool(fileAt path: String) async throws -> (size: Int64, sha256: String) {
        let spool = spool
        let stored = try await spooling {
            let reader = try BlockReader(path: path)
            return try spool.insert { try reader.next() }
        }
        crashPoints.pass(.spoolWritten)
        return stored
    }

    /// Whether there is such a file in the spool. What is in it is looked at when it is sent.
    func isSpooled(_ sha256: String) async throws -> Bool {
        try await offPool { [spool] in spool.contains(sha256) }
    }

    /// Removes the files of sessions that have ended.
    /// - Parameter age: For how long after its session's end a file is kept.
    package func collectSpool(keeping age: Duration = .zero, at now: Date) async throws {
        let end = now.addingTimeInterval(.zero - age / .seconds(1)).milliseconds
        try await exclusively { [spool] database in
            let referenced = try String.fetchSet(
                database,
                sql: """
                    SELECT sha256 FROM session_file JOIN session ON session.id = session_file.session WHERE coalesce(ended_at > ?, 1)
                    UNION SELECT sha256 FROM upload JOIN session ON session.id = upload.session WHERE coalesce(ended_at > ?, 1)
                    """,
                arguments: [end, end]
            )
            try spool.collect(keeping: referenced)
        }
    }
}
