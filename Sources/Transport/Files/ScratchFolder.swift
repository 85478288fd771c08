import FoundationEssentials
import Glibc

/// A folder in the temporary folder (`TMPDIR`, else `/tmp`) that is gone with ``remove()``, or with this value.
///
/// A lock in it is held for as long as this process lives. So every new one can tell what killed processes of this user have left from what others
/// use, and removes it.
package final class ScratchFolder: Sendable {
    package let path: String
    private let lock: CInt

    private static let prefix = "attache-"
    private static let lockName = ".attache-lock"

    /// - Parameter purpose: A part of its name.
    package init(for purpose: String, in place: String = temporaryFolder) throws(FileProblem) {
        Self.removeLeftovers(in: place)
        (path, lock) = try Self.make("\(place)/\(Self.prefix)\(purpose)-XXXXXX")
    }

    deinit {
        remove()
        close(lock)
    }

    /// Removes it, and all that is in it.
    package func remove() {
        Self.remove(path)
    }

    package static var temporaryFolder: String {
        guard let named = getenv("TMPDIR").map({ String(cString: $0) }), !named.isEmpty else { return "/tmp" }
        return named.trimmedPath
    }

    private static func make(_ template: String) throws(FileProblem) -> (path: String, lock: CInt) {
        // Another process that clears up may take a folder for a leftover before it is locked.
        for _ in 1...10 {
            let path = try makeFolder(template)
            if let lock = Self.lock(path, makesOne: true) { return (path, lock) }
        }
        throw FileProblem(template, "the temporary folder cannot be kept: each one that is made cannot be locked, or is gone at once")
    }

    private static func makeFolder(_ template: String) throws(FileProblem) -> String {
        var path = Array(template.utf8CString)
        guard path.withUnsafeMutableBufferPointer({ $0.baseAddress.map { mkdtemp($0) != nil } }) == true else {
            throw FileProblem(template, "the temporary folder cannot be made", errno: errno)
        }
        return String(decoding: path.dropLast().map(UInt8.init(bitPattern:)), as: UTF8.self)
    }

    /// - Returns: Nil where there is no such folder of this user's with a lock, or somebody holds it.
    private static func lock(_ path: String, makesOne: Bool) -> CInt? {
        let folder = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard folder >= 0 else { return nil }
        defer { close(folder) }
        var status = stat()
        guard fstat(folder, &status) == 0, status.st_uid == geteuid() else { return nil }
        let lock = openat(folder, lockName, O_RDWR | O_NOFOLLOW | O_CLOEXEC | (makesOne ? O_CREAT : 0), 0o600)
        guard lock >= 0 else { return nil }
        // A lock file that was unlinked meanwhile locks nothing.
        guard flock(lock, LOCK_EX | LOCK_NB) == 0, fstat(lock, &status) == 0, status.st_nlink > 0 else {
            close(lock)
            return nil
        }
        return lock
    }

    private static func removeLeftovers(in place: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] where name.hasPrefix(prefix) {
            guard let lock = Self.lock("\(place)/\(name)", makesOne: false) else { continue }
            remove("\(place)/\(name)")
            close(lock)
        }
    }

    /// The lock file goes last: what this cannot finish, the next one can.
    private static func remove(_ path: String) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: path)) ?? [] where name != lockName {
            try? FileManager.default.removeItem(atPath: "\(path)/\(name)")
        }
        unlink("\(path)/\(lockName)")
        rmdir(path)
    }
}
