import Synchronization
package import Transport

/// WebSockets whose other end is the test.
package final class ScriptedSockets: WebSocketClient {
    private let opened = Inbox<ScriptedSocket>()
    private let refusals = Mutex<[WebSocketError]>([])
    private let tries = Mutex<[String]>([])

    package init() {}

    /// The URLs that were to be connected, refused ones with them.
    package var urls: [String] { tries.withLock { $0 } }

    /// The next connections fail, one with each of these.
    package func refuse(_ errors: WebSocketError...) {
        refusals.withLock { $0 += errors }
    }

    /// The server's end of the next connection.
    package func next() async throws -> ScriptedSocket {
        try await opened.next()
    }

    package func withConnection<Value: Sendable>(
        to url: String,
        timeout: Duration,
        _ body: @Sendable (any WebSocket) async throws -> Value
    ) async throws -> Value {
        tries.withLock { $0.append(url) }
        if let error = refusals.withLock({ $0.isEmpty ? nil : $0.removeFirst() }) { throw error }
        let socket = ScriptedSocket(url: url)
        opened.put(socket)
        do {
            let value = try await body(socket)
            await socket.close(.normal, reason: "")
            return value
        } catch {
            await socket.close(.normal, reason: "")
            throw error
        }
    }
}

/// Both ends of one WebSocket: the client's as the protocol has it, the server's as methods for the test.
package final class ScriptedSocket: WebSocket {
    package let url: String

    private struct State {
        var messages: [WebSocketMessage] = []
        var end: WebSocketError?
        var reader: CheckedContinuation<Result<WebSocketMessage, WebSocketError>, Never>?
        var closeCode: WebSocketCloseCode?
        var takesNothing = false
    }

    private let state = Mutex(State())
    private let sent = Inbox<WebSocketMessage>()
    private let closed = Inbox<WebSocketCloseCode>()

    init(url: String) {
        self.url = url
    }

    // MARK: The server's end

    /// The next message of the client.
    package func received() async throws -> WebSocketMessage {
        try await sent.next()
    }

    /// Waits until the client closes; its code.
    package func closing() async throws -> WebSocketCloseCode {
        try await closed.next()
    }

    package func push(_ text: String) {
        push(.text(text))
    }

    package func push(_ message: WebSocketMessage) {
        let reader = state.withLock { state in
            guard state.end == nil, let reader = state.reader else {
                if state.end == nil { state.messages.append(message) }
                return nil as CheckedContinuation<Result<WebSocketMessage, WebSocketError>, Never>?
            }
            state.reader = nil
            return reader
        }
        reader?.resume(returning: .success(message))
    }

    /// Breaks the connection; without a code, without a close frame.
    package func drop(_ code: WebSocketCloseCode? = nil) {
        finish(WebSocketError(.closed(code), detail: "dropped"))
    }

    /// From now on the client's messages do not get through, and are not refused either.
    package func stopTaking() {
        state.withLock { $0.takesNothing = true }
    }

    // MARK: The client's end

    package func receive() async throws(WebSocketError) -> WebSocketMessage {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { continuation in
                let result: Result<WebSocketMessage, WebSocketError>? = state.withLock { state in
                    if !state.messages.isEmpty { return .success(state.messages.removeFirst()) }
                    if let end = state.end { return .failure(end) }
                    if Task.isCancelled { return .failure(Self.cancelled) }
                    state.reader = continuation
                    return nil
                }
                if let result { continuation.resume(returning: result) }
            }
        } onCancel: {
            state.withLock { state in
                defer { state.reader = nil }
                return state.reader
            }?.resume(returning: .failure(Self.cancelled))
        }
        return try result.get()
    }

    package func send(_ message: WebSocketMessage) async throws(WebSocketError) {
        let (end, takesNothing) = state.withLock { ($0.end, $0.takesNothing) }
        if let end { throw end }
        if takesNothing {
            try? await Inbox<Void>().next()
            throw Self.cancelled
        }
        sent.put(message)
    }

    package func close(_ code: WebSocketCloseCode, reason: String) async {
        let isFirst = state.withLock { state in
            defer { state.closeCode = state.closeCode ?? code }
            return state.closeCode == nil
        }
        if isFirst { closed.put(code) }
        finish(WebSocketError(.closed(code), detail: "closed"))
    }

    private func finish(_ error: WebSocketError) {
        let reader = state.withLock { state in
            state.end = state.end ?? error
            defer { state.reader = nil }
            return state.reader
        }
        reader?.resume(returning: .failure(error))
    }

    private static let cancelled = WebSocketError(.cancelled, detail: "cancelled")
}
