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
    private static let keptOfTooLong = 1024
    private var partial = ByteBuffer()
    /// Whether the rest of a line that was too long is being skipped.
    private var isSkipping = false

    /// - Parameter limit: Bytes of a line, without its end.
    package init(limit: Int) {
        self.limit = limit
    }

    /// The lines that are complete with these bytes.
    package mutating func append(_ bytes: ByteBuffer) -> [Line] {
        var bytes = bytes
        var lines: [Line] = []
        while let end = bytes.readableBytesView.firstIndex(of: UInt8(ascii: "\n")) {
            var piece = bytes.readSlice(length: end - bytes.readerIndex) ?? ByteBuffer()
            bytes.moveReaderIndex(forwardBy: 1)
            if isSkipping {
                isSkipping = false
            } else if partial.readableBytes + piece.readableBytes > limit {
                lines.append(.tooLong(start: start(with: piece)))
            } else if partial.readableBytes == 0 {
                lines.append(.whole(piece))
            } else {
                partial.writeBuffer(&piece)
                lines.append(.whole(partial))
            }
            partial = ByteBuffer()
        }
        if !isSkipping { lines += keep(bytes) }
        return lines
    }

    private mutating func keep(_ rest: ByteBuffer) -> [Line] {
        guard partial.readableBytes + rest.readableBytes <= limit else {
            let start = start(with: rest)
            partial = ByteBuffer()
            isSkipping = true
            return [.tooLong(start: start)]
        }
        partial.writeImmutableBuffer(rest)
        return []
    }

    private func start(with rest: ByteBuffer) -> ByteBuffer {
        let kept = partial.readableBytes > 0 ? partial : rest
        return kept.getSlice(at: kept.readerIndex, length: min(kept.readableBytes, Self.keptOfTooLong)) ?? ByteBuffer()
    }
}
