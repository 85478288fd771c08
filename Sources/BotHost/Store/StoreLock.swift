import Glibc

/// Held while the store is open. The kernel releases it with the process, however that ends.
final class StoreLock: Sendable {
    private let descriptor: CInt

    init(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw StoreError(.unusable, path: path, problem: "the lock file cannot be opened: \(String(cString: strerror(errno)))")
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreError(.inUse, path: path, problem: "another attache has it open; stop that one, or name another store with --store")
        }
    }

    deinit {
        close(descriptor)
    }
}
