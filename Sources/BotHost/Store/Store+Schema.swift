import GRDB

extension Store {
    /// The schema, step by step. A step that was ever released is never changed; what changes is a new step.
    private static var migrations: [(name: String, sql: String)] {
        [
            (
                "1",
                """
                CREATE TABLE definition (
                    sha256 TEXT PRIMARY KEY,
                    path TEXT NOT NULL,
                    source TEXT NOT NULL
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE session (
                    id TEXT PRIMARY KEY,
                    bot TEXT NOT NULL,
                    definition TEXT NOT NULL REFERENCES definition,
                    endpoint TEXT NOT NULL,
                    role TEXT NOT NULL,
                    participant TEXT,
                    contact TEXT,
                    attributes TEXT NOT NULL,
                    participant_token BLOB NOT NULL,
                    connection_token BLOB,
                    connection_expiry INTEGER,
                    has_connected INTEGER NOT NULL DEFAULT 0,
                    dialogue TEXT NOT NULL,
                    ended_at INTEGER,
                    ending TEXT,
                    created_at INTEGER NOT NULL
                ) STRICT;
                CREATE INDEX session_live ON session (created_at) WHERE ended_at IS NULL;

                CREATE TABLE seen_item (
                    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
                    item TEXT NOT NULL,
                    time INTEGER NOT NULL,
                    PRIMARY KEY (session, item)
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE effect (
                    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
                    number INTEGER NOT NULL,
                    body TEXT NOT NULL,
                    client_token TEXT NOT NULL,
                    decided_at INTEGER NOT NULL,
                    item TEXT,
                    is_done INTEGER NOT NULL DEFAULT 0,
                    PRIMARY KEY (session, number)
                ) STRICT, WITHOUT ROWID;

                CREATE TABLE upload (
                    id TEXT PRIMARY KEY,
                    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
                    effect INTEGER NOT NULL,
                    state TEXT NOT NULL,
                    sha256 TEXT NOT NULL,
                    body TEXT NOT NULL,
                    created_at INTEGER NOT NULL,
                    updated_at INTEGER NOT NULL
                ) STRICT;
                CREATE UNIQUE INDEX upload_effect ON upload (session, effect);

                CREATE TABLE session_file (
                    session TEXT NOT NULL REFERENCES session ON DELETE CASCADE,
                    sha256 TEXT NOT NULL,
                    PRIMARY KEY (session, sha256)
                ) STRICT, WITHOUT ROWID;
                """
            ),
            (
                "2",
                """
                -- What became of an upload, step by step.
                CREATE TABLE upload_change (
                    upload TEXT NOT NULL REFERENCES upload ON DELETE CASCADE,
                    number INTEGER NOT NULL,
                    state TEXT NOT NULL,
                    generation INTEGER NOT NULL,
                    reason TEXT,
                    time INTEGER NOT NULL,
                    PRIMARY KEY (upload, number)
                ) STRICT, WITHOUT ROWID;

                -- What the store itself keeps secret; it also tells whether a key is the right one.
                CREATE TABLE secret (
                    name TEXT PRIMARY KEY,
                    value BLOB NOT NULL
                ) STRICT, WITHOUT ROWID;

                CREATE INDEX session_contact ON session (contact);
                """
            ),
        ]
    }

    static var migrator: DatabaseMigrator {
        var migrator = DatabaseMigrator()
        for migration in migrations {
            migrator.registerMigration(migration.name) { try $0.execute(sql: migration.sql) }
        }
        return migrator
    }

    static func migrate(_ database: DatabaseQueue, path: String) throws {
        let migrator = migrator
        if try database.read(migrator.hasBeenSuperseded) {
            throw StoreError(
                .newerSchema,
                path: path,
                problem: "a newer attache made it; run that one, or name another store with --store"
            )
        }
        try migrator.migrate(database)
    }
}
