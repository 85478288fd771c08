/// Opens WebSockets to a service in the same process: no socket, no thread.
package struct InMemoryWebSocketClient: WebSocketClient {
    /// Serves one connection, from its opening until the client has closed it. It is cancelled with the client's task.
    package typealias Service = @Sendable (any WebSocket) async -> Void
    /// Looks at the URL of an upgrade, and says who serves the connection; throws `.refused` where a server would answer another status.
    package typealias Acceptor = @Sendable (_ url: String) async throws(WebSocketError) -> Service

    private let time: any TimeSource
    private let accept: Acceptor

    package init(time: any TimeSource, accept: @escaping Acceptor) {
        self.time = time
        self.accept = accept
    }

    /// Returns when the service, too, is through with the connection.
    package func withConnection<Value: Sendable>(
        to url: String,
        timeout: Duration,
        _ body: @Sendable (any WebSocket) async throws -> Value
    ) async throws -> Value {
        let serve = try await service(for: url, timeout: timeout)
        let (near, far) = InMemoryWebSocket.pair()
        return try await withTaskGroup(of: Void.self) { group in
            group.addTask {
                await serve(far)
                await far.close(.normal, reason: "")
            }
            let outcome = await outcome(of: body, with: near)
            await near.close(.normal, reason: "")
            await group.waitForAll()
            return outcome
        }.get()
    }

    private func outcome<Value: Sendable>(
        of body: (any WebSocket) async throws -> Value,
        with socket: InMemoryWebSocket
    ) async -> Result<Value, any Error> {
        do {
            return .success(try await body(socket))
        } catch {
            return .failure(error)
        }
    }

    private func service(for url: String, timeout: Duration) async throws(WebSocketError) -> Service {
        guard url.hasPrefix("ws://") || url.hasPrefix("wss://") else {
            throw WebSocketError(.invalidURL, detail: "the URL is neither ws nor wss")
        }
        do {
            return try await time.withTimeout(timeout) { [accept] in try await accept(url) }
        } catch let error as WebSocketError {
            throw error
        } catch let error as TimeoutError {
            throw WebSocketError(.timedOut, detail: "\(error)")
        } catch {
            throw WebSocketError(.cancelled, detail: "cancelled")
        }
    }
}
