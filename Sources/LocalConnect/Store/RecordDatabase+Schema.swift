import GRDB

extension RecordDatabase {
    /// The schema, step by step. A step that was ever released is never changed; what changes is a new step.
    private static var migrations: [(name: String, sql: String)] {
        let tables = ["contact", "participant", "attachment", "token_grant", "outcome"].map { table in
            "CREATE TABLE \(table) (rowid INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, value BLOB NOT NULL) STRICT;"
        }
        let items = """
            CREATE TABLE item (
                contact TEXT NOT NULL,
                number INTEGER NOT NULL,
                value BLOB NOT NULL,
                PRIMARY KEY (contact, number)
            ) STRICT, WITHOUT ROWID;
            """
        return [("1", (tables + [items]).joined(separator: "\n"))]
    }

    static func migrate(_ queue: DatabaseQueue, path: String) throws {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
        }
        if try queue.read(migrator.hasBeenSuperseded) {
            throw DataDirectoryError(path: path, problem: "a newer attache made it; run that one, or name another folder")
        }
        try migrator.migrate(queue)
    }
}
