package import FoundationEssentials
import Synchronization
import Transport

/// Time in which every sleep is over at once: it moves by the sleep's length, and the sleep is written down.
///
/// For code that does one thing after the other; where tasks sleep side by side, use ``VirtualTime``.
package final class SkippingTime: TimeSource {
    private let start: Date
    private let slept = Mutex<[Duration]>([])
    private let elapsed = Mutex(Duration.zero)

    package init(start: Date = Date(timeIntervalSince1970: 1_700_000_000)) {
        self.start = start
    }

    /// Every sleep so far.
    package var sleeps: [Duration] { slept.withLock { $0 } }

    package var uptime: Duration { elapsed.withLock { $0 } }

    package var now: Date { start.addingTimeInterval(uptime / .seconds(1)) }

    package func sleep(for duration: Duration) async throws {
        try Task.checkCancellation()
        slept.withLock { $0.append(duration) }
        advance(by: duration)
    }

    /// Lets time pass without a sleep, as work does.
    package func advance(by duration: Duration) {
        elapsed.withLock { $0 += max(.zero, duration) }
    }
}
