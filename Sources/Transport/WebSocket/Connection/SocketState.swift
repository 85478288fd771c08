import NIOCore

/// What the event loop and the tasks that use a socket share: messages on their way in, bytes on their way out, and how it ended.
///
/// Pure: every method returns whom to resume, and whether to read on.
struct SocketState: Sendable {
    typealias Reader = CheckedContinuation<Result<WebSocketMessage, WebSocketError>, Never>
    typealias Writer = CheckedContinuation<Result<Void, WebSocketError>, Never>

    /// What to do once the lock is released.
    struct Wakeups: Sendable {
        var readers: [(reader: Reader, result: Result<WebSocketMessage, WebSocketError>)] = []
        var writers: [(writer: Writer, result: Result<Void, WebSocketError>)] = []
        /// Reading was held back, and may go on.
        var resumesReading = false
    }

    private struct WaitingWriter: Sendable {
        var id: Int
        var count: Int
        var continuation: Writer
    }

    /// The socket is read on until this much waits for a reader; so pings are answered while nobody reads.
    private static let inboundMessages = 16
    private static let inboundBytes = 64 * 1024
    /// Senders wait, and nothing is read, while this much waits for the peer; a larger message passes alone.
    private static let outboundBytes = 64 * 1024

    private(set) var end: WebSocketError?

    private var messages = CircularBuffer<WebSocketMessage>(initialCapacity: 1)
    private var waitingBytes = 0
    private var reader: Reader?
    private var isReadHeldBack = false

    private var unsentBytes = 0
    private var writers: [WaitingWriter] = []
    private var lastWriterID = 0

    // MARK: In

    mutating func deliver(_ message: WebSocketMessage) -> Wakeups {
        if let reader {
            self.reader = nil
            return Wakeups(readers: [(reader, .success(message))])
        }
        messages.append(message)
        waitingBytes += message.count
        return Wakeups()
    }

    /// Takes the next message, or learns that there will be none.
    mutating func take() -> (result: Result<WebSocketMessage, WebSocketError>, wakeups: Wakeups)? {
        if messages.isEmpty { return end.map { (.failure($0), Wakeups()) } }
        let message = messages.removeFirst()
        waitingBytes -= message.count
        return (.success(message), Wakeups(resumesReading: releaseRead()))
    }

    mutating func wait(_ reader: Reader, isCancelled: Bool) -> Wakeups {
        // Nothing is taken for a task that may not use it.
        if isCancelled { return Wakeups(readers: [(reader, .failure(.cancelled))]) }
        if let (result, wakeups) = take() {
            return Wakeups(readers: [(reader, result)], resumesReading: wakeups.resumesReading)
        }
        guard self.reader == nil else { return Wakeups(readers: [(reader, .failure(.secondReader))]) }
        self.reader = reader
        return Wakeups()
    }

    mutating func cancelReader() -> Wakeups {
        guard let reader else { return Wakeups() }
        self.reader = nil
        return Wakeups(readers: [(reader, .failure(.cancelled))])
    }

    /// Whether the event loop may read from the socket; if not, a later step says when.
    mutating func mayRead() -> Bool {
        isReadHeldBack = end == nil && isFull
        return !isReadHeldBack
    }

    private var isFull: Bool {
        messages.count >= Self.inboundMessages || waitingBytes >= Self.inboundBytes || unsentBytes >= Self.outboundBytes
    }

    private mutating func releaseRead() -> Bool {
        guard isReadHeldBack, end != nil || !isFull else { return false }
        isReadHeldBack = false
        return true
    }

    // MARK: Out

    /// Counts bytes as handed to the channel, whatever else waits: for answers to pings.
    mutating func addUnsent(_ count: Int) {
        unsentBytes += count
    }

    /// - Returns: nil when the sender has to wait.
    mutating func reserve(_ count: Int) -> Result<Void, WebSocketError>? {
        if let end { return .failure(end) }
        guard writers.isEmpty, fits(count) else { return nil }
        unsentBytes += count
        return .success(())
    }

    mutating func writerID() -> Int {
        lastWriterID += 1
        return lastWriterID
    }

    mutating func wait(_ writer: Writer, id: Int, count: Int, isCancelled: Bool) -> Wakeups {
        if isCancelled { return Wakeups(writers: [(writer, .failure(.cancelled))]) }
        if let result = reserve(count) { return Wakeups(writers: [(writer, result)]) }
        writers.append(WaitingWriter(id: id, count: count, continuation: writer))
        return Wakeups()
    }

    mutating func cancelWriter(_ id: Int) -> Wakeups {
        guard let index = writers.firstIndex(where: { $0.id == id }) else { return Wakeups() }
        var wakeups = Wakeups(writers: [(writers.remove(at: index).continuation, .failure(.cancelled))])
        wakeups.writers += admitWriters()
        return wakeups
    }

    /// The kernel took the bytes, or the channel gave them up.
    mutating func release(_ count: Int) -> Wakeups {
        unsentBytes -= count
        return Wakeups(writers: admitWriters(), resumesReading: releaseRead())
    }

    private mutating func admitWriters() -> [(Writer, Result<Void, WebSocketError>)] {
        var admitted: [(Writer, Result<Void, WebSocketError>)] = []
        while let writer = writers.first, fits(writer.count) {
            writers.removeFirst()
            unsentBytes += writer.count
            admitted.append((writer.continuation, .success(())))
        }
        return admitted
    }

    private func fits(_ count: Int) -> Bool {
        unsentBytes == 0 || unsentBytes + count <= Self.outboundBytes
    }

    // MARK: End

    /// The first reason stays. Messages that have arrived can still be taken.
    mutating func finish(_ error: WebSocketError) -> Wakeups {
        guard end == nil else { return Wakeups() }
        end = error
        defer {
            reader = nil
            writers = []
        }
        return Wakeups(
            readers: reader.map { [($0, .failure(error))] } ?? [],
            writers: writers.map { ($0.continuation, .failure(error)) },
            resumesReading: releaseRead()
        )
    }
}

extension WebSocketMessage {
    fileprivate var count: Int {
        switch self {
        case .text(let text): text.utf8.count
        case .binary(let bytes): bytes.count
        }
    }
}

extension WebSocketError {
    static let cancelled = Self(.cancelled, detail: "the task was cancelled")
    fileprivate static let secondReader = Self(.cancelled, detail: "another task is receiving from this socket already")

    static func closed(_ code: WebSocketCloseCode?) -> Self {
        Self(
            .closed(code),
            detail: code.map { "the socket was closed with code \($0.rawValue)" } ?? "the connection broke without a close frame"
        )
    }
}
