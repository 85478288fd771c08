import Foundation
import Synchronization

/// Reads standard input line by line, on a thread of its own, when somebody wants a line.
final class StandardInput: Sendable {
    private let wanted = DispatchSemaphore(value: 0)
    private let lines: AsyncStream<String>
    private let demand = Bell()
    private let used = Mutex(0)

    init() {
        // As many as are wanted at a time: one.
        let (lines, continuation) = AsyncStream.makeStream(of: String.self, bufferingPolicy: .bufferingOldest(16))
        self.lines = lines
        let wanted = wanted
        Thread.detachNewThread {
            while true {
                wanted.wait()
                guard let line = readLine(strippingNewline: true) else { break }
                continuation.yield(line)
            }
            continuation.finish()
        }
    }

    /// The next line, at once; nil at the end.
    func line() async -> String? {
        wanted.signal()
        for await line in lines { return line }
        return nil
    }

    /// The next line, as soon as ``wantsMore()`` asked for it.
    func wantedLine() async -> String? {
        await demand.wait(
            after: used.withLock { count in
                defer { count += 1 }
                return count
            }
        )
        return Task.isCancelled ? nil : await line()
    }

    func wantsMore() {
        demand.ring()
    }
}
