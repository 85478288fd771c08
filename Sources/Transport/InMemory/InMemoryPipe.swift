import NIOCore
import Synchronization

/// One direction of a socket in memory: a bounded queue with one reader, and senders that wait while it is full.
final class InMemoryPipe: Sendable {
    private typealias Reader = CheckedContinuation<Result<WebSocketMessage, WebSocketError>, Never>
    private typealias Sender = CheckedContinuation<Result<Void, WebSocketError>, Never>

    private struct WaitingSender {
        var id: Int
        var message: WebSocketMessage
        var continuation: Sender
    }

    private struct State {
        var messages = CircularBuffer<WebSocketMessage>()
        var reader: Reader?
        var senders = CircularBuffer<WaitingSender>()
        var lastSender = 0
        var end: WebSocketError?
    }

    private let capacity: Int
    private let state = Mutex(State())

    /// - Parameter capacity: Messages that wait for the reader before senders wait.
    init(capacity: Int) {
        self.capacity = capacity
    }

    func receive() async throws(WebSocketError) -> WebSocketMessage {
        try await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                let (result, sender) = state.withLock { wait(reader, in: &$0) }
                if let result { reader.resume(returning: result) }
                sender?.resume(returning: .success(()))
            }
        } onCancel: {
            state.withLock { $0.reader.take() }?.resume(returning: .failure(.cancelled))
        }.get()
    }

    func send(_ message: WebSocketMessage) async throws(WebSocketError) {
        let id = state.withLock { state in
            state.lastSender += 1
            return state.lastSender
        }
        try await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let sender = WaitingSender(id: id, message: message, continuation: continuation)
                let (result, reader) = state.withLock { wait(sender, in: &$0) }
                if let result { continuation.resume(returning: result) }
                reader?.resume(returning: .success(message))
            }
        } onCancel: {
            let sender = state.withLock { state in
                state.senders.firstIndex { $0.id == id }.map { state.senders.remove(at: $0) }
            }
            sender?.continuation.resume(returning: .failure(.cancelled))
        }.get()
    }

    /// Nothing more goes in; what is inside can still be read unless it is discarded. The first end stays.
    func end(_ error: WebSocketError, discardingMessages: Bool) {
        let (reader, senders) = state.withLock { state -> (Reader?, CircularBuffer<WaitingSender>) in
            if state.end == nil { state.end = error }
            if discardingMessages { state.messages = [] }
            defer { state.senders = [] }
            return (state.reader.take(), state.senders)
        }
        reader?.resume(returning: .failure(error))
        for sender in senders { sender.continuation.resume(returning: .failure(error)) }
    }

    /// - Returns: What the reader gets, unless it has to wait, and a sender whose message found room.
    private func wait(_ reader: Reader, in state: inout State) -> (Result<WebSocketMessage, WebSocketError>?, Sender?) {
        // A task that is cancelled already was cancelled before there was a reader to be met.
        if Task.isCancelled { return (.failure(.cancelled), nil) }
        if let message = state.messages.popFirst() {
            let sender = state.senders.popFirst()
            if let sender { state.messages.append(sender.message) }
            return (.success(message), sender?.continuation)
        }
        if let end = state.end { return (.failure(end), nil) }
        guard state.reader == nil else {
            return (.failure(WebSocketError(.cancelled, detail: "another task is receiving from this socket already")), nil)
        }
        state.reader = reader
        return (nil, nil)
    }

    /// - Returns: What the sender gets, unless it has to wait, and the reader that gets the message.
    private func wait(_ sender: WaitingSender, in state: inout State) -> (Result<Void, WebSocketError>?, Reader?) {
        if Task.isCancelled { return (.failure(.cancelled), nil) }
        if let end = state.end { return (.failure(end), nil) }
        if let reader = state.reader.take() { return (.success(()), reader) }
        guard state.messages.count < capacity else {
            state.senders.append(sender)
            return (nil, nil)
        }
        state.messages.append(sender.message)
        return (.success(()), nil)
    }
}
