import Glibc
import NIOCore

/// A file that grows. One task at a time uses it, on a thread that may block.
final class IncomingFile: @unchecked Sendable {
    private let path: String
    private var descriptor: CInt
    private var size: Int64 = 0

    /// - Parameter replacing: Whether a file that is there is overwritten.
    init(path: String, replacing: Bool = false) throws {
        self.path = path
        descriptor = open(path, O_WRONLY | O_CREAT | O_NOFOLLOW | O_CLOEXEC | (replacing ? O_TRUNC : O_EXCL), 0o600)
        guard descriptor >= 0 else { throw FileError("cannot create", path) }
    }

    func append(_ chunk: ByteBuffer, limit: Int64) throws {
        size += Int64(chunk.readableBytes)
        guard size <= limit else { throw ObjectFault.incompleteBody }
        try chunk.withUnsafeReadableBytes { bytes in
            var rest = bytes[...]
            while !rest.isEmpty {
                let written = write(descriptor, UnsafeRawBufferPointer(rebasing: rest).baseAddress, rest.count)
                if written < 0, errno == EINTR { continue }
                guard written > 0 else { throw FileError("cannot write", path) }
                rest = rest.dropFirst(written)
            }
        }
    }

    /// Puts the file in its place.
    func finish(size expected: Int64, isDurable: Bool, as final: String) throws {
        guard size == expected else { throw ObjectFault.incompleteBody }
        if isDurable, fsync(descriptor) != 0 { throw FileError("cannot write", path) }
        guard rename(path, final) == 0 else { throw FileError("cannot rename to \(final)", path) }
        close()
        if isDurable { try syncFolder(of: final) }
    }

    /// The new name, too, must survive.
    private func syncFolder(of path: String) throws {
        let folder = open(String(path[..<(path.lastIndex(of: "/") ?? path.startIndex)]), O_RDONLY | O_DIRECTORY | O_CLOEXEC)
        guard folder >= 0 else { throw FileError("cannot open the folder of", path) }
        defer { Glibc.close(folder) }
        if fsync(folder) != 0 { throw FileError("cannot write the folder of", path) }
    }

    /// A file that did not become whole leaves nothing behind.
    deinit {
        guard descriptor >= 0 else { return }
        close()
        unlink(path)
    }

    private func close() {
        guard descriptor >= 0 else { return }
        Glibc.close(descriptor)
        descriptor = -1
    }
}

/// What the system says about a file.
struct FileError: Error, CustomStringConvertible {
    let description: String

    /// Reads `errno`.
    init(_ problem: String, _ path: String) {
        description = "\(problem) \(path): \(String(cString: strerror(errno)))"
    }
}
