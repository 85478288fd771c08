import ConnectWire
import Synchronization

/// Chats that wait to be handed to a host. Bounded: one too many gets no bot, which is logged.
final class ArrivalQueue: Sendable {
    static let capacity = 1024

    private let waiting = Mutex([ChatArrival]())
    private let hasNews = Signal()

    func push(_ arrival: ChatArrival) -> Bool {
        let isAccepted = waiting.withLock { waiting in
            guard waiting.count < Self.capacity else { return false }
            waiting.append(arrival)
            return true
        }
        hasNews.set()
        return isAccepted
    }

    /// All that wait, at least one; none when the task is cancelled.
    func next() async -> [ChatArrival] {
        while !Task.isCancelled {
            let arrivals = waiting.withLock { waiting in
                let arrivals = waiting
                waiting = []
                return arrivals
            }
            if !arrivals.isEmpty { return arrivals }
            await hasNews.wait()
        }
        return []
    }
}
