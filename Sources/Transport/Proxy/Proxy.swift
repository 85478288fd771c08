import FoundationEssentials

/// An HTTP proxy that opens tunnels with CONNECT.
struct Proxy: Hashable, Sendable {
    var host: String
    var port: Int
    /// The value of Proxy-Authorization.
    var authorization: String?
}

extension Proxy {
    /// The proxy by which a WebSocket is reached; nil for none.
    static func forURL(_ url: WebSocketURL, environment: CurlEnvironment) throws(WebSocketError) -> Proxy? {
        let text: String?
        do throws(ProxyRefusal) {
            text = try environment.proxy(to: .init(isSecure: url.isSecure, host: url.host, port: url.port))
        } catch {
            throw WebSocketError(.cannotConnect, detail: "the WebSocket is not opened: \(error)")
        }
        return try text.map { text throws(WebSocketError) in try Proxy(text) }
    }

    /// - Parameter text: `http://user:password@host:port`; what is left out is curl's default: http, no password, port 1080.
    init(_ text: String) throws(WebSocketError) {
        guard let parts = URLComponents(string: text.contains("://") ? text : "http://\(text)"),
            let host = parts.host?.trimmingBrackets, !host.isEmpty
        else {
            throw .unusableProxy("it cannot be parsed")
        }
        guard parts.scheme?.lowercased() == "http" else {
            throw .unusableProxy("WebSockets go through http:// proxies only")
        }
        let port = parts.port ?? 1080
        guard (1...65_535).contains(port) else { throw .unusableProxy("its port is not one of 1 to 65535") }
        self.host = host
        self.port = port
        if let user = parts.user {
            authorization = "Basic " + Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString()
        }
    }
}

extension WebSocketError {
    fileprivate static func unusableProxy(_ problem: String) -> Self {
        Self(.cannotConnect, detail: "the proxy named in the environment cannot be used: \(problem)")
    }
}
