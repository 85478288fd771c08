import FoundationEssentials

/// A `ws` or `wss` URL, taken apart. Its path and query are a secret: they authorise.
struct WebSocketURL: Sendable, CustomStringConvertible {
    let isSecure: Bool
    /// A name, or an address without brackets.
    let host: String
    let port: Int
    /// Path and query, as the request line has them.
    let target: String

    init(_ text: String) throws(WebSocketError) {
        guard let parts = URLComponents(string: text), let host = parts.host?.trimmingBrackets, !host.isEmpty else {
            throw .invalidURL("it cannot be parsed, or names no host")
        }
        switch parts.scheme?.lowercased() {
        case "ws": isSecure = false
        case "wss": isSecure = true
        default: throw .invalidURL("its scheme is neither ws nor wss")
        }
        guard parts.user == nil, parts.password == nil else { throw .invalidURL("it holds a user name or password") }
        guard parts.fragment == nil else { throw .invalidURL("it has a fragment") }
        let port = parts.port ?? (isSecure ? 443 : 80)
        guard (1...65_535).contains(port) else { throw .invalidURL("its port is out of range") }
        let path = parts.percentEncodedPath
        self.host = host
        self.port = port
        target = (path.isEmpty ? "/" : path) + (parts.percentEncodedQuery.map { "?\($0)" } ?? "")
    }

    /// Host and port: all of the URL that may be shown.
    var place: String { "\(bracketedHost):\(port)" }

    var description: String { place }

    /// What the Host header says.
    var authority: String { port == (isSecure ? 443 : 80) ? bracketedHost : place }

    private var bracketedHost: String { host.contains(":") ? "[\(host)]" : host }
}

extension String {
    /// `::1` of `[::1]`.
    var trimmingBrackets: String {
        hasPrefix("[") && hasSuffix("]") ? String(dropFirst().dropLast()) : self
    }
}

extension WebSocketError {
    fileprivate static func invalidURL(_ problem: String) -> Self {
        Self(.invalidURL, detail: "this is not a URL of a WebSocket: \(problem)")
    }
}
