import ConnectWire
package import FoundationEssentials
import GRDB
package import Participant

extension Store {
    package func upload(_ id: String) async throws -> Upload? {
        let body = try await read { try String.fetchOne($0, sql: "SELECT body FROM upload WHERE id = ?", arguments: [id]) }
        return try body.map(Upload.init(json:))
    }

    package func save(_ upload: Upload, at now: Date) async throws {
        let body = try upload.json()
        try await write { database in
            try database.execute(
                sql: "UPDATE upload SET state = ?, body = ?, updated_at = ? WHERE id = ?",
                arguments: [upload.state.rawValue, body, now.milliseconds, upload.id]
            )
        }
    }

    /// Puts a generated file into the spool.
    package func spool(_ bytes: [UInt8]) async throws -> (size: Int64, sha256: String) {
        let spool = spool
        let stored = try await offPool {
            var block: Data? = Data(bytes)
            return try spool.insert {
                defer { block = nil }
                return block
            }
        }
        crashPoints.pass(.spoolWritten)
        return stored
    }

    /// Copies a file into the spool.
    package func spool(fileAt path: String) async throws -> (size: Int64, sha256: String) {
        let spool = spool
        let stored = try await offPool {
            let reader = try BlockReader(path: path)
            return try spool.insert { try reader.next() }
        }
        crashPoints.pass(.spoolWritten)
        return stored
    }

    /// Removes the files of sessions that have ended.
    package func collectSpool() async throws {
        let spool = spool
        let referenced = try await read { database in
            try Set(
                String.fetchAll(
                    database,
                    sql: """
                        SELECT sha256 FROM session_file JOIN session ON session.id = session_file.session WHERE ended_at IS NULL
                        UNION SELECT sha256 FROM upload JOIN session ON session.id = upload.session WHERE ended_at IS NULL
                        """
                )
            )
        }
        try await offPool { try spool.collect(keeping: referenced) }
    }
}
