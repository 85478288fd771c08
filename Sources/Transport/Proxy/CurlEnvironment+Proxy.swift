/// How a host is reached. This is the only place that decides about proxies, for HTTP and for WebSockets alike; libcurl is told, and never asked.
extension CurlEnvironment {
    /// Where something is to go.
    struct Destination {
        /// https or wss.
        var isSecure: Bool
        /// A name, or an address without brackets.
        var host: String
        var port: Int
    }

    /// The URL of the proxy by which to go there; nil for none. It may hold a password.
    ///
    /// - Never to this machine, whatever the variables say.
    /// - Never to what `no_proxy` names.
    /// - Never in the clear. All that this program sends authorises somebody: a token, a secret, a signed URL. Through a tunnel to a TLS server a
    ///   proxy sees none of it; of plain http it sees everything.
    func proxy(to destination: Destination) throws(ProxyRefusal) -> String? {
        let url = proxy(for: destination.isSecure ? "https" : "http")
        guard !url.isEmpty, !Loopback.contains(destination.host),
            !ProxyExceptions(proxyExceptions).contains(destination.host, port: destination.port)
        else { return nil }
        guard destination.isSecure else { throw ProxyRefusal(host: destination.host) }
        return url
    }
}

/// What would go through a proxy could be read there.
struct ProxyRefusal: Error, CustomStringConvertible {
    var host: String

    var description: String {
        "it is not encrypted, and would go to '\(host)' through the proxy that the environment names, which could read it; use TLS, "
            + "or name '\(host)' in no_proxy"
    }
}
