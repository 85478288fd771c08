import Dispatch
import Glibc

/// The lines that arrive at a file descriptor, read by a thread of their own, since reading blocks.
struct LineReader: Sendable {
    /// Ends at the end of the input, or when the input fails.
    let lines: AsyncStream<LineSplitter.Line>
    private let slots: DispatchSemaphore

    /// - Parameters:
    ///   - limit: Bytes of a line.
    ///   - ahead: How many lines are read before somebody takes them; then the writer has to wait.
    init(_ descriptor: Int32, limit: Int, ahead: Int = 16) throws(ActionError) {
        let slots = DispatchSemaphore(value: ahead)
        let (lines, continuation) = AsyncStream<LineSplitter.Line>.makeStream()
        // So that the thread does not wait for somebody who has stopped taking lines.
        continuation.onTermination = { _ in slots.signal() }
        self.lines = lines
        self.slots = slots
        let isStarted = startThread {
            var splitter = LineSplitter(limit: limit)
            while let bytes = read(from: descriptor) {
                for line in splitter.append(bytes) {
                    slots.wait()
                    guard case .enqueued = continuation.yield(line) else { return }
                }
            }
            continuation.finish()
        }
        guard isStarted else { throw ActionError("there can be no more threads; the module cannot read what it is asked") }
    }

    /// To be called for every line taken: makes room for another.
    func taken() {
        slots.signal()
    }
}

/// What there is to read; `nil` at the end.
private func read(from descriptor: Int32) -> [UInt8]? {
    while true {
        var count = 0
        let bytes = [UInt8](unsafeUninitializedCapacity: 1 << 16) { buffer, initialized in
            count = Glibc.read(descriptor, buffer.baseAddress, buffer.count)
            initialized = max(0, count)
        }
        if count > 0 { return bytes }
        if count == 0 || errno != EINTR { return nil }
    }
}
