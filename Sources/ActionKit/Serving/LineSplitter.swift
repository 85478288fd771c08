/// Cuts a stream of bytes into lines, of which none costs more memory than the limit.
struct LineSplitter {
    enum Line: Hashable {
        /// Without its line break.
        case complete([UInt8])
        /// A line of more than `limit` bytes, of which nothing is kept.
        case tooLong(limit: Int)
    }

    private let limit: Int
    private var pending: [UInt8] = []
    private var isSkipping = false

    init(limit: Int) {
        self.limit = limit
    }

    /// The lines that these bytes complete. Empty lines are left out; what follows the last line break waits for more.
    mutating func append(_ bytes: some Collection<UInt8>) -> [Line] {
        var lines: [Line] = []
        var rest = bytes[...]
        while let end = rest.firstIndex(of: UInt8(ascii: "\n")) {
            take(rest[..<end], &lines)
            if !isSkipping, !pending.isEmpty { lines.append(.complete(pending)) }
            pending.removeAll(keepingCapacity: pending.capacity < 1 << 16)
            isSkipping = false
            rest = rest[rest.index(after: end)...]
        }
        take(rest, &lines)
        return lines
    }

    private mutating func take(_ part: some Collection<UInt8>, _ lines: inout [Line]) {
        guard !isSkipping else { return }
        guard pending.count + part.count <= limit else {
            isSkipping = true
            pending = []
            lines.append(.tooLong(limit: limit))
            return
        }
        pending += part
    }
}
