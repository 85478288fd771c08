import FoundationEssentials
import Glibc

/// An HTTP proxy that opens tunnels with CONNECT.
struct Proxy: Hashable, Sendable {
    var host: String
    var port: Int
    /// The value of Proxy-Authorization.
    var authorization: String?
}

extension Proxy {
    /// The proxy that curl users expect for the URL: `https_proxy` for wss, `http_proxy` for ws, else `all_proxy`, unless `no_proxy` names the host.
    static func forURL(_ url: WebSocketURL, environment: CurlEnvironment) throws(WebSocketError) -> Proxy? {
        let text = environment.proxy(for: url.isSecure ? "https" : "http")
        guard !text.isEmpty, !ProxyExceptions(environment.proxyExceptions).contains(url.host) else { return nil }
        return try Proxy(text)
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
        self.host = host
        port = parts.port ?? 1080
        if let user = parts.user {
            authorization = "Basic " + Data("\(user):\(parts.password ?? "")".utf8).base64EncodedString()
        }
    }
}

/// The list in `no_proxy`: names with everything below them, addresses, networks as `10.0.0.0/8`, or `*`.
struct ProxyExceptions: Sendable {
    private let entries: [String]

    init(_ list: String) {
        entries = list.lowercased().split { $0 == "," || $0.isWhitespace }.map(String.init)
    }

    func contains(_ host: String) -> Bool {
        let host = host.lowercased()
        return entries.contains { entry in
            if entry == "*" { return true }
            if let address = IPAddress(host) { return address.isIn(entry) }
            let name = entry.hasPrefix(".") ? String(entry.dropFirst()) : entry
            return host == name || host.hasSuffix(".\(name)")
        }
    }
}

/// The bytes of an IPv4 or IPv6 address.
struct IPAddress: Hashable, Sendable {
    private let bytes: [UInt8]

    init?(_ text: String) {
        var bytes = [UInt8](repeating: 0, count: 16)
        if inet_pton(AF_INET, text, &bytes) == 1 {
            self.bytes = Array(bytes[..<4])
        } else if inet_pton(AF_INET6, text, &bytes) == 1 {
            self.bytes = bytes
        } else {
            return nil
        }
    }

    /// - Parameter network: An address, or one with the number of bits that count.
    func isIn(_ network: String) -> Bool {
        let parts = network.split(separator: "/", maxSplits: 1)
        guard let base = parts.first.flatMap({ IPAddress(String($0).trimmingBrackets) }), base.bytes.count == bytes.count else {
            return false
        }
        guard parts.count == 2 else { return base == self }
        guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits) else { return false }
        return bytes.indices.allSatisfy { index in
            let counting = min(max(bits - index * 8, 0), 8)
            let mask = ~UInt8(truncatingIfNeeded: 0xFF >> counting)
            return bytes[index] & mask == base.bytes[index] & mask
        }
    }
}

extension WebSocketError {
    fileprivate static func unusableProxy(_ problem: String) -> Self {
        Self(.cannotConnect, detail: "the proxy named in the environment cannot be used: \(problem)")
    }
}
