import Glibc
import NIOCore
import Transport

/// A folder that holds all that the service keeps. It belongs to one process at a time, by a lock that a SIGKILL releases, too.
///
/// `local.db` has the records, `objects/` the files, `key` (mode 0600) what URLs and tokens get their authority from.
final class DataDirectory: Sendable {
    let path: String
    /// What others may do in it, and how that ends; nil where they may do nothing.
    let warning: String?
    private let lock: CInt

    init(path: String) throws {
        self.path = path
        do throws(FileProblem) {
            warning = try PrivateFolder.prepare(path)
            for name in ["local.db", "local.db-wal", "local.db-shm", "lock"] { try PrivateFile.close("\(path)/\(name)") }
        } catch {
            throw DataDirectoryError(error, in: path)
        }
        lock = open("\(path)/lock", O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard lock >= 0 else {
            throw DataDirectoryError(path: path, problem: "its lock cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(lock, LOCK_EX | LOCK_NB) == 0 else {
            throw DataDirectoryError(inUseAt: path)
        }
    }

    deinit {
        // A process that is being spawned has the descriptor, too, for a moment.
        flock(lock, LOCK_UN)
        close(lock)
    }

    /// Read, or made on first use.
    func serviceKey() throws -> ServiceKey {
        let file = "\(path)/key"
        do throws(FileProblem) {
            let bytes = try SecretFile.bytes(of: file)
            guard bytes.count == 32 else { throw FileProblem(file, "it is not a key of 32 bytes") }
            return ServiceKey(bytes)
        } catch {
            guard error.code == ENOENT else { throw DataDirectoryError(error, in: path) }
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

    init(path: String, problem: String) {
        self.path = path
        self.problem = problem
    }

    init(inUseAt path: String) {
        self.init(path: path, problem: "another local service has it open; stop that one, or name another folder")
    }

    init(_ problem: FileProblem, in path: String) {
        self.init(path: path, problem: problem.path == path ? problem.problem : "\(problem)")
    }

    package var description: String { "the data in \(path) cannot be used: \(problem)" }
}
