import HTTPTypes
import Hummingbird
import HummingbirdCore
import Transport

/// What becomes of a request that asks for a WebSocket.
enum WebSocketUpgrade: Sendable {
    /// Upgrade, and run this with the socket. The socket is closed when it returns (1000), or when the server shuts down gracefully (1001):
    /// then `receive` and `send` throw.
    case accept(@Sendable (any WebSocket) async -> Void)
    /// With a reason for whoever reads the answer; browsers keep it from pages.
    case refuse(HTTPResponse.Status, reason: String? = nil)
    /// An ordinary request, for the router to answer.
    case ignore
}

extension HTTPServerBuilder {
    /// HTTP/1.1 with WebSockets on the same port.
    ///
    ///     Application(
    ///         router: router,
    ///         server: .http1WithWebSockets { request in
    ///             guard request.uri.path == "/ws" else { return .ignore }
    ///             guard let ticket = tickets.redeem(request.uri.queryParameters["t"]) else { return .refuse(.forbidden) }
    ///             return .accept { socket in await serve(ticket, over: socket) }
    ///         }
    ///     )
    ///
    /// - Parameter upgrade: Asked for each request with `Upgrade: websocket`, on any connection, also one that has carried requests before.
    ///   Requests whose handshake is broken are refused (400, 405, 426) after it has accepted them.
    ///   It and the handler run in the connection's task, a child of the server's: cancelled when the server is.
    static func http1WithWebSockets(
        configuration: HTTP1Channel.Configuration = .init(),
        upgrade: @escaping @Sendable (Request) async -> WebSocketUpgrade
    ) -> HTTPServerBuilder {
        HTTPServerBuilder { responder in
            WebSocketUpgradeChannel(responder: responder, configuration: configuration, upgrade: upgrade)
        }
    }
}
