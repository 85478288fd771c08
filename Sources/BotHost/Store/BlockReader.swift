import FoundationEssentials
import Glibc

/// Reads a file in blocks, so that memory does not grow with it.
final class BlockReader {
    private let descriptor: CInt
    private let path: String

    init(path: String) throws {
        self.path = path
        descriptor = open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw failure() }
    }

    deinit {
        close(descriptor)
    }

    /// The next 256 KiB or less; nil at the end.
    func next() throws -> Data? {
        var block = Data(count: 256 * 1024)
        let count = block.withUnsafeMutableBytes { read(descriptor, $0.baseAddress, $0.count) }
        guard count >= 0 else { throw failure() }
        return count == 0 ? nil : block.prefix(count)
    }

    private func failure() -> StoreError {
        StoreError(.unusable, path: path, problem: "the file cannot be read: \(String(cString: strerror(errno)))")
    }
}
