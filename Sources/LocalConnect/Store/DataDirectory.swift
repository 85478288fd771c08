import FoundationEssentials
import Glibc
import NIOCore

/// A folder that holds all that the service keeps. It belongs to one process at a time, by a lock that a SIGKILL releases, too.
///
/// `local.db` has the records, `objects/` the files, `key` (mode 0600) what URLs and tokens get their authority from.
final class DataDirectory: Sendable {
    let path: String
    private let lock: CInt

    init(path: String) throws {
        self.path = path
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw DataDirectoryError(path: path, problem: "the folder cannot be made")
        }
        lock = open("\(path)/lock", O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw DataDirectoryError(path: path, problem: "its lock cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw DataDirectoryError(path: path, problem: "another local service has it open; stop that one, or name another folder")
        }
    }

    deinit {
        close(lock)
    }

    /// Read, or made on first use.
    func serviceKey() throws -> ServiceKey {
        let file = "\(path)/key"
        if let bytes = FileManager.default.contents(atPath: file).map(Array.init) {
            guard bytes.count == 32 else { throw DataDirectoryError(path: path, problem: "\(file) is not a key of 32 bytes") }
            return ServiceKey(bytes)
        }
        var random = SystemRandomNumberGenerator()
        let bytes = random.bytes(32)
        let new = try IncomingFile(path: "\(file).new", replacing: true)
        try new.append(ByteBuffer(bytes: bytes), limit: 32)
        try new.finish(size: 32, isDurable: true, as: file)
        return ServiceKey(bytes)
    }
}

/// Why the data directory cannot be used.
package struct DataDirectoryError: Error, CustomStringConvertible {
    package var path: String
    package var problem: String

    package var description: String { "the data in \(path) cannot be used: \(problem)" }
}
