import FoundationEssentials
package import NIOCore
import NIOPosix

/// WebSockets on SwiftNIO. Costs no task and no thread per connection beside the caller's own.
package struct NIOWebSocketClient: WebSocketClient {
    private let group: any EventLoopGroup
    private let environment: CurlEnvironment
    private let tls: TLSContext
    private let maximumMessageSize: Int

    /// - Parameter environment: Proxies and trusted certificates, by the names that curl knows.
    /// - Parameter maximumMessageSize: Bytes; a server that sends more is told so (1009).
    package init(
        group: any EventLoopGroup = MultiThreadedEventLoopGroup.singleton,
        environment: [String: String] = ProcessInfo.processInfo.environment,
        maximumMessageSize: Int = NIOWebSocket.defaultMaximumMessageSize
    ) {
        self.group = group
        self.environment = CurlEnvironment(environment)
        tls = TLSContext(environment: self.environment)
        self.maximumMessageSize = maximumMessageSize
    }

    package func withConnection<Value: Sendable>(
        to url: String,
        timeout: Duration,
        _ body: @Sendable (any WebSocket) async throws -> Value
    ) async throws -> Value {
        let socket = try await connect(to: WebSocketURL(url), timeout: timeout)
        do {
            let value = try await body(socket)
            await socket.close(.normal, reason: "")
            return value
        } catch {
            await socket.close(.goingAway, reason: "")
            throw error
        }
    }

    private func connect(to url: WebSocketURL, timeout: Duration) async throws(WebSocketError) -> NIOWebSocket {
        let attempt = ConnectionAttempt(
            url: url,
            proxy: try Proxy.forURL(url, environment: environment),
            tls: url.isSecure ? try await tls.get() : nil,
            maximumMessageSize: maximumMessageSize,
            eventLoop: group.next()
        )
        return try await attempt.run(timeout: timeout)
    }
}
