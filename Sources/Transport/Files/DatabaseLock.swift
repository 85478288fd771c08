import Glibc

/// A database's file, which one process has at a time. Whoever removed a lock file beside it would not get around this lock.
///
/// It is a lock of the open file description (fcntl(2), `F_OFD_SETLK`) on a byte far behind those that SQLite locks, so the two do not meet. SQLite's
/// own locks belong to the process, and the kernel drops them when the process closes any descriptor of the file: so this value must outlive
/// SQLite's connection.
package final class DatabaseLock: Sendable {
    package let path: String
    let descriptor: CInt

    /// glibc shows it to `_GNU_SOURCE` alone.
    private static let setLock: CInt = 37
    private static let lockedByte: off_t = 1 << 62

    /// Makes the file where there is none: empty, and for its owner alone. The files that SQLite puts beside it get the same mode.
    /// - Returns: Nil when another process, or somebody else in this one, has it.
    /// - Throws: ``FileProblem``
    package init?(path: String) throws(FileProblem) {
        self.path = path
        descriptor = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0o600)
        guard descriptor >= 0 else {
            throw errno == ELOOP
                ? FileProblem(path, "it is a link; name the folder that it leads to")
                : FileProblem(path, "it cannot be opened", errno: errno)
        }
        // Where a file system has no locks at all, SQLite will say so.
        if !set(F_WRLCK), errno == EAGAIN || errno == EACCES { return nil }
        if fchmod(descriptor, 0o600) != 0 { throw FileProblem(path, "it cannot be closed to others", errno: errno) }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Lets others have the file. The descriptor stays open, for SQLite's sake.
    package func release() {
        _ = set(F_UNLCK)
    }

    private func set(_ type: CInt) -> Bool {
        var lock = flock()
        lock.l_type = Int16(type)
        lock.l_whence = Int16(SEEK_SET)
        lock.l_start = Self.lockedByte
        lock.l_len = 1
        return withUnsafeMutablePointer(to: &lock) { fcntl(descriptor, Self.setLock, $0) } == 0
    }

    /// The file's header as it is now: on the disk, not in SQLite's log.
    package var header: DatabaseHeader {
        var bytes = [UInt8](repeating: 0, count: DatabaseHeader.size)
        let count = bytes.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, 0) }
        return DatabaseHeader(bytes: bytes.prefix(max(0, count)))
    }
}

/// What a database of SQLite begins with.
package struct DatabaseHeader: Hashable, Sendable {
    fileprivate static let size = 100

    fileprivate let bytes: ArraySlice<UInt8>

    /// The number that a program may put there; nil where the file has no whole header.
    package var userVersion: Int32? {
        guard bytes.count == Self.size else { return nil }
        return Int32(bitPattern: bytes[60..<64].reduce(UInt32(0)) { $0 << 8 | UInt32($1) })
    }
}
