import ConnectWire
import FoundationEssentials
import GRDB
import Participant

/// Tells what is in a store, also while a host has it. It reads no tokens, and needs no key.
package struct StoreReader: Sendable {
    private let database: any DatabaseReader
    private let path: String
    private let damaged: @Sendable (StoreError) -> Void

    /// - Parameter damaged: Told of what cannot be read; the rest is listed without it.
    /// - Throws: ``StoreError`` where there is no store, or one of another version.
    package init(folder: String, damaged: @escaping @Sendable (StoreError) -> Void = { _ in }) throws {
        self.damaged = damaged
        path = "\(folder)/\(StoreFiles.databaseName)"
        guard FileManager.default.fileExists(atPath: path) else {
            throw StoreError(.missing, path: folder, problem: "there is none; name the folder that 'attache run' uses with --store")
        }
        do {
            var configuration = Configuration()
            configuration.readonly = true
            configuration.busyMode = .timeout(5)
            database = try DatabaseQueue(path: path, configuration: configuration)
            let migrator = Store.migrator
            guard try database.read(migrator.hasCompletedMigrations), try !database.read(migrator.hasBeenSuperseded) else {
                throw StoreError(
                    .newerSchema,
                    path: folder,
                    problem: "another version of attache made it; start 'attache run' of this one first"
                )
            }
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
    }

    init(_ store: Store) {
        database = store.database
        path = store.folder
        damaged = { _ in }
    }

    private func read<Value: Sendable>(_ value: @escaping @Sendable (Database) throws -> Value) async throws -> Value {
        do {
            return try await database.read(value)
        } catch let error as DatabaseError {
            throw StoreError(error, path: path)
        }
    }

    // MARK: Sessions

    /// All sessions, the oldest first.
    package func sessions() async throws -> [SessionSummary] {
        try await read { try SessionSummary.fetch($0, where: "1", []) }
    }

    /// - Parameter name: A session's id, or the end of one; a contact's or a participant's id.
    package func sessions(named name: String) async throws -> [SessionSummary] {
        try await read { database in
            let condition = "id = ? OR contact = ? OR participant = ? OR substr(id, -length(?)) = ?"
            return try SessionSummary.fetch(database, where: condition, StatementArguments(Array(repeating: name, count: 5)))
        }
    }

    /// What a session still has to do, in order.
    package func openEffects(of session: SessionID) async throws -> [String] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: "SELECT body, decided_at FROM effect WHERE session = ? AND NOT is_done ORDER BY number",
                arguments: [session.rawValue]
            ).map { row in
                guard let effect = try? OutboxEffect.Body(json: row["body"]) else { return "something that cannot be read" }
                return "\(effect.kind.inWords), decided at \(effect.place) on \(Timestamp(millisecondsSince1970: row["decided_at"]))"
            }
        }
    }

    // MARK: Uploads

    /// All uploads, the oldest first.
    package func uploads() async throws -> [UploadStory] {
        try await read { try UploadStory.fetch($0, where: "1", [], damaged: damaged) }
    }

    /// - Parameter name: An upload's id or its beginning, or the name of its file.
    package func uploads(named name: String) async throws -> [UploadStory] {
        try await read { database in
            let condition =
                "substr(upload.id, 1, length(?)) = ? OR iif(json_valid(upload.body), json_extract(upload.body, '$.file.name') = ?, 0)"
            return try UploadStory.fetch(database, where: condition, [name, name, name], damaged: damaged)
        }
    }

    package func uploads(of session: SessionID) async throws -> [UploadStory] {
        try await read { try UploadStory.fetch($0, where: "session.id = ?", [session.rawValue], damaged: damaged) }
    }
}

extension OutboxEffect.Kind {
    fileprivate var inWords: String {
        switch self {
        case .message: "a message to send"
        case .attach(let upload): "the file of upload \(upload) to send"
        case .leave: "to leave the chat"
        case .call(let call): "the answer of \(call.module).\(call.action)"
        }
    }
}
