import ConnectWire
import FoundationEssentials
import GRDB

/// The key, and its change.
extension Store {
    private static let fingerprintName = "fingerprint key"

    private var keyFile: KeyFile { Self.keyFile(in: folder) }

    private static func keyFile(in folder: String) -> KeyFile { KeyFile(path: folder + "/key") }

    /// Finds the key that opens the store.
    /// - Parameter key: The only one to try; nil for the key file.
    /// - Throws: ``StoreError`` with `wrongKey` when none does.
    static func unlock(
        _ database: DatabaseQueue,
        in folder: String,
        with key: TokenKey?
    ) throws -> (TokenCipher, Fingerprints) {
        if let key { return try unlock(database, in: folder, with: key) }
        let file = keyFile(in: folder)
        guard let key = try file.key(makesOne: hasNoSecrets(database)) else {
            throw StoreError(.wrongKey, path: folder, problem: "its key file \(file.path) is gone; restore it, or set ATTACHE_KEY")
        }
        guard let pending = try file.pendingKey() else { return try unlock(database, in: folder, with: key) }
        // A change of the key was cut off. Whether it happened, the database knows.
        do {
            let unlocked = try unlock(database, in: folder, with: key)
            file.discardPending()
            return unlocked
        } catch let error as StoreError where error.code == .wrongKey {
            let unlocked = try unlock(database, in: folder, with: pending)
            try file.promotePending()
            return unlocked
        }
    }

    /// Whether no key was ever used: it is new, or an earlier start did not come so far.
    private static func hasNoSecrets(_ database: DatabaseQueue) throws -> Bool {
        try database.read { database in
            let sql = "SELECT EXISTS (SELECT 1 FROM secret WHERE name = ?) OR EXISTS (SELECT 1 FROM session)"
            return try Bool.fetchOne(database, sql: sql, arguments: [fingerprintName]) == false
        }
    }

    private static func unlock(_ database: DatabaseQueue, in folder: String, with key: TokenKey) throws -> (TokenCipher, Fingerprints) {
        let cipher = TokenCipher(key: key)
        do {
            let fingerprintKey = try database.write { database in
                if let sealed = try Data.fetchOne(database, sql: "SELECT value FROM secret WHERE name = ?", arguments: [fingerprintName]) {
                    return try cipher.open(sealed, as: fingerprintName, for: "")
                }
                // New, or made before there was such a row: then its tokens tell whether the key is right.
                try check(cipher, in: database)
                let fingerprintKey = Fingerprints.newKey()
                try database.execute(
                    sql: "INSERT INTO secret (name, value) VALUES (?, ?)",
                    arguments: [fingerprintName, cipher.seal(fingerprintKey, as: fingerprintName, for: "")]
                )
                return fingerprintKey
            }
            return (cipher, Fingerprints(key: fingerprintKey))
        } catch let error as DatabaseError {
            throw StoreError(error, path: folder)
        } catch {
            throw StoreError(
                .wrongKey,
                path: folder,
                problem: "its tokens were encrypted with another key than the one in ATTACHE_KEY, ATTACHE_KEY_FILE or its key file"
            )
        }
    }

    private static func check(_ cipher: TokenCipher, in database: Database) throws {
        guard let row = try Row.fetchOne(database, sql: "SELECT id, participant_token FROM session WHERE ended_at IS NULL LIMIT 1") else {
            return
        }
        let _: ParticipantToken = try cipher.open(row["participant_token"], for: row["id"])
    }

    /// Encrypts all tokens anew, in one transaction. The store must be opened anew then.
    /// - Parameter key: Kept elsewhere; nil for a new one in the store's key file.
    /// - Returns: How many sessions' tokens were encrypted.
    package func changeKey(to key: TokenKey?) async throws -> Int {
        if let key { return try await encrypt(with: key) }
        let key = TokenKey.random()
        try keyFile.writePending(key)
        let count = try await encrypt(with: key)
        try keyFile.promotePending()
        return count
    }

    private func encrypt(with key: TokenKey) async throws -> Int {
        let (old, new) = (cipher, TokenCipher(key: key))
        let count = try await write { database in
            let sessions = try Row.fetchAll(database, sql: "SELECT * FROM session WHERE ended_at IS NULL").map(self.session(from:))
            for session in sessions {
                let id = session.id.rawValue
                let participantToken = try new.seal(session.participantToken, for: id)
                let connectionToken = try session.credentials.map { try new.seal($0.connectionToken, for: id) }
                try database.execute(
                    sql: "UPDATE session SET participant_token = ?, connection_token = ? WHERE id = ?",
                    arguments: [participantToken, connectionToken, id]
                )
            }
            let name = Self.fingerprintName
            if let sealed = try Data.fetchOne(database, sql: "SELECT value FROM secret WHERE name = ?", arguments: [name]) {
                let resealed = try new.seal(old.open(sealed, as: name, for: ""), as: name, for: "")
                try database.execute(sql: "UPDATE secret SET value = ? WHERE name = ?", arguments: [resealed, name])
            }
            return sessions.count
        }
        await emptyLog()
        return count
    }
}
