import NIOCore

/// Gives every read a buffer of its own, which is gone when its bytes are used.
///
/// NIO keeps a channel's buffers to read into them again, and with thousands of quiet channels these buffers are most of the memory. The first
/// one it keeps in any case, so that one is small; the others it gives up as long as it is told that they may grow.
/// Needs `maxMessagesPerRead` of 1, or NIO keeps more.
struct TransientReceiveAllocator: RecvByteBufferAllocator {
    private static let firstSize = 64
    private static let size = 16 * 1024

    private var isFirst = true

    func buffer(allocator: ByteBufferAllocator) -> ByteBuffer {
        allocator.buffer(capacity: isFirst ? Self.firstSize : Self.size)
    }

    func nextBufferSize() -> Int? { nil }

    mutating func record(actualReadBytes: Int) -> Bool {
        isFirst = false
        return true
    }
}
