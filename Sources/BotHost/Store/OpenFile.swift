import FoundationEssentials
import Glibc

/// A regular file, open to be read. Its bytes are those of the file that was looked at, whatever its folder has under its name by now.
package final class OpenFile: Sendable, Hashable {
    private let descriptor: CInt
    /// Bytes, when it was opened; no more are read.
    package let size: Int64
    let owner: uid_t
    /// Whether it had the name by which it was opened, and no other (hard link).
    let hasOneName: Bool

    /// Opens a file beneath a folder. Neither the folder nor anything on the way is a link, nor does anything lead up.
    ///
    /// - Parameter path: Relative to the folder.
    /// - Throws: ``OpenFile/Failure``.
    init(beneath folder: String, path: String) throws(Failure) {
        let names = path.split(separator: "/", omittingEmptySubsequences: true).map(String.init)
        guard let last = names.last, !names.contains(where: { $0 == ".." || $0 == "." || $0.utf8.contains(0) }) else { throw .notThere }
        var folder = try Self.step(into: folder, from: AT_FDCWD)
        defer { close(folder) }
        for name in names.dropLast() {
            let next = try Self.step(into: name, from: folder)
            close(folder)
            folder = next
        }
        // Without waiting: of a named pipe, nobody may ever open the other end.
        let file = openat(folder, last, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)
        guard file >= 0 else { throw Self.failure(errno) }
        var status = stat()
        guard fstat(file, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            close(file)
            throw .noFile
        }
        descriptor = file
        size = Int64(status.st_size)
        owner = status.st_uid
        // What had two names when it was opened may have one by now, and that elsewhere. So it is asked what is here.
        var named = stat()
        let isNamed = fstatat(folder, last, &named, AT_SYMLINK_NOFOLLOW) == 0
        hasOneName = isNamed && named.st_dev == status.st_dev && named.st_ino == status.st_ino && named.st_nlink == 1
    }

    deinit {
        close(descriptor)
    }

    /// Why there is no such file to read.
    enum Failure: Error {
        case notThere
        /// A folder, a link, a pipe: whatever is no regular file.
        case noFile
        case unreadable
    }

    private static func step(into name: String, from folder: CInt) throws(Failure) -> CInt {
        let descriptor = openat(folder, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure(errno) }
        return descriptor
    }

    private static func failure(_ number: CInt) -> Failure {
        switch number {
        case EACCES, EPERM: .unreadable
        case ELOOP, ENOTDIR, ENXIO, EISDIR: .noFile
        default: .notThere
        }
    }

    /// Up to 256 KiB from a place on; nil at the end.
    func block(at offset: Int64) throws -> Data? {
        let count = min(256 * 1024, size - offset)
        guard count > 0 else { return nil }
        var block = Data(count: Int(count))
        let read = block.withUnsafeMutableBytes { pread(descriptor, $0.baseAddress, $0.count, off_t(offset)) }
        guard read >= 0 else {
            throw StoreError(.unusable, path: "a module's file", problem: "the file cannot be read: \(String(cString: strerror(errno)))")
        }
        return read == 0 ? nil : block.prefix(read)
    }

    /// All of it. May block.
    package func bytes() throws -> [UInt8] {
        var bytes: [UInt8] = []
        while let block = try block(at: Int64(bytes.count)) { bytes += block }
        return bytes
    }

    package static func == (one: OpenFile, other: OpenFile) -> Bool { one === other }

    package func hash(into hasher: inout Hasher) { hasher.combine(ObjectIdentifier(self)) }
}
