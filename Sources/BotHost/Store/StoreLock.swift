import Glibc

/// Held while the store is open. The kernel releases it with the process, however that ends.
final class StoreLock: Sendable {
    private let descriptor: CInt

    init(path: String) throws {
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            let number = errno
            let problem = "the lock file cannot be opened: \(String(cString: strerror(number)))"
            throw StoreError(errno: number, path: path, problem: problem)
        }
        guard flock(descriptor, LOCK_EX | LOCK_NB) == 0 else {
            close(descriptor)
            throw StoreError(inUseAt: path)
        }
    }

    deinit {
        // A process that is being spawned has the descriptor, too, for a moment.
        flock(descriptor, LOCK_UN)
        close(descriptor)
    }
}

extension StoreError {
    init(inUseAt path: String) {
        self.init(.inUse, path: path, problem: "another attache has it open; stop that one, or name another store with --store")
    }
}
