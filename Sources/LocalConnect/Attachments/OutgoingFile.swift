import Glibc
import NIOCore

/// A file that is read piece by piece, on a thread that may block.
final class OutgoingFile: Sendable {
    private let path: String
    private let descriptor: CInt

    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw FileError("cannot open", path) }
    }

    deinit {
        close(descriptor)
    }

    /// - Throws: Also where the file is shorter than asked for.
    func read(at offset: Int64, count: Int) throws -> ByteBuffer {
        var buffer = ByteBufferAllocator().buffer(capacity: count)
        while buffer.readableBytes < count {
            let (position, missing) = (offset + Int64(buffer.readableBytes), count - buffer.readableBytes)
            let got = buffer.writeWithUnsafeMutableBytes(minimumWritableBytes: missing) { bytes in
                max(0, pread(descriptor, bytes.baseAddress, missing, Int(position)))
            }
            guard got > 0 else { throw FileError("cannot read", path) }
        }
        return buffer
    }
}
