import Glibc

/// The file that a request's body is read from, piece by piece.
struct BodyFile: ~Copyable {
    private let descriptor: Int32
    private let size: Int64
    private var position: Int64 = 0

    /// - Throws: ``FileError`` when there is no regular file of at least this size.
    init(path: String, size: Int64) throws(FileError) {
        // Without O_NONBLOCK, opening a FIFO would wait for its writer.
        descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        self.size = size
        guard descriptor >= 0 else { throw FileError("the body file cannot be opened", errno: errno) }
        var status = stat()
        guard fstat(descriptor, &status) == 0, status.st_mode & S_IFMT == S_IFREG else {
            throw FileError("the body is not a regular file")
        }
        guard Int64(status.st_size) >= size else {
            throw FileError("the body file has \(status.st_size) bytes, not \(size)")
        }
    }

    deinit {
        if descriptor >= 0 { close(descriptor) }
    }

    /// Fills the buffer as far as it can.
    /// - Returns: How many bytes; 0 after the last.
    /// - Throws: ``FileError`` when the file ends before its size, for a short body must not look like a whole one.
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
        return count
    }

    /// The next read begins here.
    mutating func seek(to position: Int64) {
        self.position = position
    }
}
