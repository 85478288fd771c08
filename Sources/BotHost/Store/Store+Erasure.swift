package import ConnectWire
import GRDB

/// What was removed.
package struct Erasure: Sendable, Equatable {
    package var sessions: [SessionID] = []
    package var uploads = 0
    /// SHA-256 of spooled files that nothing else needs.
    package var files: [String] = []
    /// Files that stay, because sessions of other contacts have them, too.
    package var sharedFiles = 0
    /// Whether the write-ahead log was emptied as well. Where somebody reads the database at the moment, or the disk is full, it cannot be.
    package var isLogEmptied = false
}

extension Store {
    package func sessions(of contact: ContactID) async throws -> [SessionID] {
        try await read { database in
            try String.fetchAll(
                database,
                sql: "SELECT id FROM session WHERE contact = ? ORDER BY created_at",
                arguments: [contact.rawValue]
            )
            .map(SessionID.init(rawValue:))
        }
    }

    /// Removes sessions with all that hangs on them: dialogue, outbox, uploads, tokens, files.
    package func forget(_ sessions: [SessionID]) async throws -> Erasure {
        try await erase { database in
            var erasure = Erasure()
            for session in sessions {
                let id: StatementArguments = [session.rawValue]
                erasure.files += try String.fetchAll(
                    database,
                    sql: "SELECT sha256 FROM session_file WHERE session = :id UNION SELECT sha256 FROM upload WHERE session = :id",
                    arguments: ["id": session.rawValue]
                )
                erasure.uploads += try Int.fetchOne(database, sql: "SELECT count(*) FROM upload WHERE session = ?", arguments: id) ?? 0
                try database.execute(sql: "DELETE FROM session WHERE id = ?", arguments: id)
                if database.changesCount == 1 { erasure.sessions.append(session) }
            }
            return erasure
        }
    }

    /// Removes an upload and its file.
    package func forget(upload id: String) async throws -> Erasure {
        try await erase { database in
            let files = try String.fetchAll(database, sql: "SELECT sha256 FROM upload WHERE id = ?", arguments: [id])
            try database.execute(
                sql: """
                    DELETE FROM session_file WHERE (session, sha256) IN (SELECT session, sha256 FROM upload WHERE id = :id)
                        AND NOT EXISTS (
                            SELECT 1 FROM upload WHERE id <> :id AND session = session_file.session AND sha256 = session_file.sha256
                        )
                    """,
                arguments: ["id": id]
            )
            try database.execute(sql: "DELETE FROM upload WHERE id = ?", arguments: [id])
            return Erasure(uploads: database.changesCount, files: files)
        }
    }

    /// Removes rows, and then the files that no row needs any more; no turn comes in between.
    private func erase(_ rows: @escaping @Sendable (Database) throws -> Erasure) async throws -> Erasure {
        var erasure = try await exclusively { [spool] database in
            var erasure = Erasure()
            try database.inTransaction(.immediate) {
                erasure = try rows(database)
                return .commit
            }
            let needed = try String.fetchSet(database, sql: "SELECT sha256 FROM session_file UNION SELECT sha256 FROM upload")
            let files = Set(erasure.files)
            erasure.sharedFiles = files.intersection(needed).count
            erasure.files = files.subtracting(needed).filter(spool.contains).sorted()
            for file in erasure.files { spool.remove(file) }
            return erasure
        }
        erasure.isLogEmptied = await emptyLog()
        return erasure
    }

    /// Moves the write-ahead log into the database, so that what was deleted stands in neither.
    /// - Returns: False where it cannot be now; the log is emptied with a later change then.
    @discardableResult
    func emptyLog() async -> Bool {
        do {
            _ = try await exclusively { try $0.checkpoint(.truncate) }
            return true
        } catch {
            // What was asked for is stored all the same.
            return false
        }
    }
}
