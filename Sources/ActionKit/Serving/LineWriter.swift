import Dispatch
import Glibc

/// Writes whole lines to a file descriptor, one after the other, off the threads that tasks run on: writing blocks while nobody reads.
final class LineWriter: Sendable {
    private let descriptor: Int32
    private let queue = DispatchQueue(label: "attache.module.output")

    init(_ descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Returns when the line is written, so that whoever sends much waits. A line that cannot be written is lost: its reader is gone, and
    /// the input ends as well.
    func write(_ line: String) async {
        await withCheckedContinuation { continuation in
            queue.async {
                self.writeAll(Array("\(line)\n".utf8))
                continuation.resume()
            }
        }
    }

    private func writeAll(_ bytes: [UInt8]) {
        bytes.withUnsafeBytes { buffer in
            var rest = UnsafeRawBufferPointer(buffer)
            while !rest.isEmpty {
                let count = Glibc.write(descriptor, rest.baseAddress, rest.count)
                if count < 0, errno == EINTR { continue }
                guard count > 0 else { return }
                rest = UnsafeRawBufferPointer(rebasing: rest[count...])
            }
        }
    }
}
