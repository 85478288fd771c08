import Synchronization
import Transport

/// Frames that wait for one socket. Bounded: a client that does not keep up is told so and loses its socket, and catches up through the transcript.
final class FrameQueue: Sendable {
    static let capacity = 1024

    enum Push {
        case accepted
        case full
        case finished
    }

    enum Next: Sendable {
        case frame(String)
        case close(WebSocketCloseCode, reason: String)
    }

    private struct State {
        var frames: [String] = []
        var isSilent = false
        var end: (code: WebSocketCloseCode, reason: String)?
    }

    private let state = Mutex(State())
    private let hasNews = Signal()

    @discardableResult
    func push(_ frame: String) -> Push {
        let outcome: Push = state.withLock { state in
            if state.end != nil { return .finished }
            if state.isSilent { return .accepted }
            guard state.frames.count < Self.capacity else {
                state.frames = []
                state.end = (.policyViolation, "the client reads too slowly")
                return .full
            }
            state.frames.append(frame)
            return .accepted
        }
        hasNews.set()
        return outcome
    }

    /// From here on, frames are swallowed.
    func silence() {
        state.withLock { $0.isSilent = true }
    }

    /// The socket is closed after the frames that are queued.
    func finish(_ code: WebSocketCloseCode, reason: String) {
        state.withLock { state in
            if state.end == nil { state.end = (code, reason) }
        }
        hasNews.set()
    }

    /// One reader. Returns nil when the task is cancelled.
    func next() async -> Next? {
        while !Task.isCancelled {
            let next: Next? = state.withLock { state in
                if !state.frames.isEmpty { return .frame(state.frames.removeFirst()) }
                return state.end.map { .close($0.code, reason: $0.reason) }
            }
            if let next { return next }
            await hasNews.wait()
        }
        return nil
    }
}
