import Crypto
import Glibc

/// The file that a request's body is read from, piece by piece.
struct BodyFile: ~Copyable {
    private let descriptor: Int32
    private let size: Int64
    private var position: Int64 = 0
    /// What it must come to.
    private let sha256: String?
    /// Of what was read so far.
    private var hash = SHA256()

    /// - Returns: Nil for a body that is no file.
    /// - Throws: ``FileError`` when it is not there, or not as it was said to be.
    init?(of body: HTTPRequest.Body) throws(FileError) {
        guard case .file(let path, let size, let sha256) = body else { return nil }
        try self.init(path: path, size: size, sha256: sha256)
    }

    /// - Parameter sha256: Nil for a file that may be any of at least this size.
    /// - Throws: ``FileError`` when there is no such regular file.
    init(path: String, size: Int64, sha256: String? = nil) throws(FileError) {
        self.size = size
        self.sha256 = sha256
        // Without O_NONBLOCK, opening a FIFO would wait for its writer.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | (sha256 == nil ? 0 : O_NOFOLLOW))
        guard descriptor >= 0 else {
            throw errno == ELOOP ? FileError("the body file is a link") : FileError("the body file cannot be opened", errno: errno)
        }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileError("the body is not a regular file")
        }
        let found = Int64(status.st_size)
        guard sha256 == nil ? found >= size : found == size else { throw FileError("the body file has \(found) bytes, not \(size)") }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Fills the buffer as far as it can.
    /// - Returns: How many bytes; 0 after the last.
    /// - Throws: ``FileError`` when the file ends before its size, or is not the one that is meant: neither may look like a whole body, so
    ///   the last bytes are not given away then.
    mutating func read(into buffer: UnsafeMutableRawBufferPointer) throws(FileError) -> Int {
        let wanted = Int(min(Int64(buffer.count), size - position))
        guard wanted > 0 else { return 0 }
        var count = -1
        repeat {
            count = pread(descriptor, buffer.baseAddress, wanted, off_t(position))
        } while count < 0 && errno == EINTR
        guard count >= 0 else { throw FileError("the body file cannot be read", errno: errno) }
        guard count > 0 else { throw FileError("the body file ended after \(position) of \(size) bytes") }
        position += Int64(count)
        if let sha256 { try take(UnsafeRawBufferPointer(rebasing: buffer[..<count]), of: sha256) }
        return count
    }

    private mutating func take(_ bytes: UnsafeRawBufferPointer, of sha256: String) throws(FileError) {
        hash.update(bufferPointer: bytes)
        guard position == size else { return }
        let found = hash.finalize().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        guard found == sha256 else { throw FileError("the body file was changed: its SHA-256 is \(found), not \(sha256)") }
    }

    /// The next read begins at the beginning.
    mutating func rewind() {
        position = 0
        hash = SHA256()
    }

    /// Reads a file that is not any one to its end.
    mutating func check() throws(FileError) {
        guard sha256 != nil else { return }
        let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 * 1024, alignment: 1)
        defer { buffer.deallocate() }
        while try read(into: buffer) > 0 {}
    }
}
