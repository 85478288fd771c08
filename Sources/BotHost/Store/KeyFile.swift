import Foundation
import Glibc
import Transport

/// A file with the token key, readable by its owner alone.
///
/// While the key is changed, the new one lies beside it, with `.new` at the end of its name. Whichever opens the store is the key; so a death between
/// the two steps of the change does no harm.
struct KeyFile: Sendable {
    let path: String

    private var pendingPath: String { path + ".new" }

    /// - Parameter makesOne: Whether to make a key where there is none.
    /// - Returns: Nil where there is none, and none is to be made.
    /// - Throws: ``TokenKeyError``.
    func key(makesOne: @autoclosure () throws -> Bool) throws -> TokenKey? {
        if access(path, F_OK) == 0 { return try Self.read(path) }
        return try makesOne() ? makeKey() : nil
    }

    /// The key that a change has left beside this one.
    func pendingKey() throws -> TokenKey? {
        access(pendingPath, F_OK) == 0 ? try Self.read(pendingPath) : nil
    }

    func writePending(_ key: TokenKey) throws {
        unlink(pendingPath)
        _ = try Self.make(key, at: pendingPath)
    }

    /// The pending key takes the place of the key.
    func promotePending() throws {
        guard rename(pendingPath, path) == 0 else { throw Self.failure(path, "it cannot be replaced") }
        try Self.syncFolder(of: path)
    }

    func discardPending() {
        unlink(pendingPath)
    }

    /// Written beside its place first: a death in the middle leaves no half of a key there.
    private func makeKey() throws -> TokenKey {
        let draft = "\(path).\(UUID().uuidString.lowercased())"
        defer { unlink(draft) }
        let key = try Self.make(.random(), at: draft)
        guard link(draft, path) == 0 else {
            // Somebody else was faster.
            if errno == EEXIST { return try Self.read(path) }
            throw Self.failure(path, "it cannot be made")
        }
        try Self.syncFolder(of: path)
        return key
    }

    private static func make(_ key: TokenKey, at path: String) throws -> TokenKey {
        let descriptor = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else { throw failure(path, "it cannot be made") }
        defer { close(descriptor) }
        let text = key.exposedText + "\n"
        guard write(descriptor, text, text.utf8.count) == text.utf8.count, fsync(descriptor) == 0 else {
            let error = failure(path, "it cannot be written")
            unlink(path)
            throw error
        }
        try syncFolder(of: path)
        return key
    }

    private static func read(_ path: String) throws -> TokenKey {
        let text: String
        do throws(FileProblem) {
            text = try SecretFile.read(path)
        } catch {
            throw TokenKeyError(source: path, problem: error.problem)
        }
        return try TokenKey(parsing: text, source: path)
    }

    private static func syncFolder(of path: String) throws {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        let descriptor = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        defer { close(descriptor) }
        guard descriptor >= 0, fsync(descriptor) == 0 else { throw failure(folder, "it cannot be flushed to the disk") }
    }

    private static func failure(_ path: String, _ problem: String) -> TokenKeyError {
        TokenKeyError(source: path, problem: "\(problem): \(String(cString: strerror(errno)))")
    }
}
