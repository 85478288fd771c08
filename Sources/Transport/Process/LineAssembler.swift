package import NIOCore

/// Cuts a stream of bytes into lines, and bounds what it keeps of one.
package struct LineAssembler: Sendable {
    package enum Line: Hashable, Sendable {
        /// Without its end.
        case whole(ByteBuffer)
        /// Longer than the limit; its beginning is all that was kept.
        case tooLong(start: ByteBuffer)
    }

    private let limit: Int
    /// What came, as far as no line was made of it.
    private var bytes = ByteBuffer()
    /// The beginning of the line that is not complete.
    private var partial = ByteBuffer()
    /// Whether the rest of a line that was too long is being skipped.
    package private(set) var isSkipping = false

    private static let keptOfTooLong = 1024

    /// - Parameter limit: Bytes of a line, without its end.
    package init(limit: Int) {
        self.limit = limit
    }

    package mutating func append(_ block: ByteBuffer) {
        if bytes.readableBytes == 0 { bytes = block } else { bytes.writeImmutableBuffer(block) }
    }

    /// The next line that is complete, or too long already; nil when more has to come first.
    package mutating func next() -> Line? {
        while let end = bytes.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            let piece = bytes.readSlice(length: end - bytes.readerIndex) ?? ByteBuffer()
            bytes.moveReaderIndex(forwardBy: 1)
            if isSkipping {
                isSkipping = false
            } else {
                return line(endingWith: piece)
            }
        }
        return keepRest()
    }

    private mutating func line(endingWith piece: ByteBuffer) -> Line {
        defer { partial = ByteBuffer() }
        if partial.readableBytes + piece.readableBytes > limit { return .tooLong(start: start(with: piece)) }
        if partial.readableBytes == 0 { return .whole(piece) }
        partial.writeImmutableBuffer(piece)
        return .whole(partial)
    }

    private mutating func keepRest() -> Line? {
        let rest = bytes
        bytes = ByteBuffer()
        guard !isSkipping else { return nil }
        guard partial.readableBytes + rest.readableBytes <= limit else {
            isSkipping = true
            defer { partial = ByteBuffer() }
            return .tooLong(start: start(with: rest))
        }
        partial.writeImmutableBuffer(rest)
        return nil
    }

    private func start(with rest: ByteBuffer) -> ByteBuffer {
        let kept = partial.readableBytes > 0 ? partial : rest
        return kept.getSlice(at: kept.readerIndex, length: min(kept.readableBytes, Self.keptOfTooLong)) ?? ByteBuffer()
    }
}
