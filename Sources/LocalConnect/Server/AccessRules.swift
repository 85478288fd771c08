import ConnectWire
import Transport

/// Whose requests are answered.
///
/// A browser sends the pages of all sites here, if they ask for it. But a page can neither hide its Origin nor send a Host other than that of its URL,
/// which, where a site has its own name lead here (DNS rebinding), is the site's. Clients that are no browsers send no Origin at all.
struct AccessRules: Sendable {
    private let hosts: Set<HostAndPort>
    private let origins: Set<AllowedOrigin>

    init(hosts: [AllowedHost], origins: [AllowedOrigin]) {
        self.hosts = Set(hosts.map(\.host))
        self.origins = Set(origins)
    }

    /// - Throws: Access denied, with the option that would have let the request in.
    /// - Parameter isForOperator: Whether pages of other sites are kept out in any case.
    func check(_ headers: [HTTPHeader], isForOperator: Bool = false) throws(ServiceFault) {
        try checkHost(headers.values(of: "Host"))
        for origin in headers.values(of: "Origin") { try checkOrigin(origin, isForOperator: isForOperator) }
    }

    /// What lets the page of an allowed origin read the answer; nothing for others.
    func allowance(for headers: [HTTPHeader]) -> [HTTPHeader] {
        let varies = HTTPHeader("Vary", "Origin")
        let name = "Access-Control-Allow-Origin"
        if origins.contains(.all) { return [HTTPHeader(name, "*")] }
        guard let origin = headers["Origin"], allows(origin) else { return [varies] }
        return [HTTPHeader(name, origin), varies]
    }

    private func checkHost(_ named: [String]) throws(ServiceFault) {
        guard let text = named.first, named.count == 1 else {
            throw .refused("the request must name one Host, the loopback's or one of --allow-host NAME; it names \(named.count)")
        }
        if let host = HostAndPort(text), allows(host) { return }
        throw .refused(
            "the Host '\(text.prefix(100))' is not the loopback's; to be reached by another name, start the service with --allow-host NAME"
        )
    }

    private func allows(_ host: HostAndPort) -> Bool {
        host.isLoopback || hosts.contains { $0.name == host.name && ($0.port == nil || $0.port == host.port) }
    }

    private func checkOrigin(_ origin: String, isForOperator: Bool) throws(ServiceFault) {
        if isForOperator {
            if !AllowedOrigin.isLoopback(origin) {
                throw .refused("the admin API is not for pages of other sites, whatever --allow-origin says")
            }
        } else if !origins.contains(.all), !allows(origin) {
            throw .refused(
                "pages of the origin '\(origin.prefix(100))' may not call; to let them, start the service with --allow-origin ORIGIN, or '*'"
            )
        }
    }

    private func allows(_ origin: String) -> Bool {
        AllowedOrigin.isLoopback(origin) || AllowedOrigin(origin).map { origins.contains($0) } ?? false
    }
}

/// A host by which requests may call the service, besides those of the loopback.
package struct AllowedHost: Hashable, Sendable {
    let host: HostAndPort

    /// - Parameter text: `chat.test`, on any port, or `chat.test:8080`, on one. An IPv6 address may come without its brackets.
    /// - Returns: Nil for anything else.
    package init?(_ text: String) {
        guard let host = HostAndPort(text) ?? HostAndPort("[\(text)]") else { return nil }
        self.host = host
    }
}

/// Pages that may call, besides those of the loopback.
package enum AllowedOrigin: Hashable, Sendable {
    case all
    /// As browsers write it: lower case, without the scheme's own port.
    case origin(String)

    /// - Parameter text: `https://shop.example`, `null` for pages without an origin, or `*`.
    /// - Returns: Nil for anything else.
    package init?(_ text: String) {
        if text == "*" {
            self = .all
            return
        }
        let text = text.lowercased()
        let parts = Self.parts(of: text.hasSuffix("/") ? text.dropLast() : text[...])
        guard let parts else {
            guard text == "null" else { return nil }
            self = .origin(text)
            return
        }
        let ownPort = ["http": "80", "https": "443"][parts.scheme]
        let port = parts.host.port.flatMap { $0 == ownPort || $0.isEmpty ? nil : ":\($0)" } ?? ""
        let name = parts.host.name.contains(":") ? "[\(parts.host.name)]" : parts.host.name
        self = .origin("\(parts.scheme)://\(name)\(port)")
    }

    /// Whether it is of a web server on this machine.
    static func isLoopback(_ origin: String) -> Bool {
        guard let parts = parts(of: origin.lowercased()[...]) else { return false }
        return ["http", "https"].contains(parts.scheme) && parts.host.isLoopback
    }

    private static func parts(of text: Substring) -> (scheme: String, host: HostAndPort)? {
        guard let colon = text.firstRange(of: "://"), let host = HostAndPort(text[colon.upperBound...]) else { return nil }
        let scheme = text[..<colon.lowerBound]
        guard !scheme.isEmpty, scheme.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "+-.".contains($0)) }) else { return nil }
        return (String(scheme), host)
    }
}

extension ServiceFault {
    fileprivate static func refused(_ message: String) -> Self {
        Self(.accessDenied, message: message)
    }
}
