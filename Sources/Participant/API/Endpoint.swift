import FoundationEssentials
import Transport

/// Where a participant service is.
package struct Endpoint: Hashable, Sendable, CustomStringConvertible {
    /// Scheme, host and port, without a slash at the end.
    package let url: String
    package let isLoopback: Bool

    /// - Throws: ``InvalidEndpoint`` unless it is an https URL, or http to this machine: tokens never go over a network in the clear.
    package init(parsing text: String) throws(InvalidEndpoint) {
        guard let components = URLComponents(string: text), let scheme = components.scheme?.lowercased(), let host = components.host,
            !host.isEmpty
        else {
            throw InvalidEndpoint(text: text, problem: "it is not a URL like https://participant.connect.eu-west-2.amazonaws.com")
        }
        isLoopback = Loopback.contains(host)
        guard scheme == "https" || (scheme == "http" && isLoopback) else {
            throw InvalidEndpoint(text: text, problem: "it must be https; http is only for this machine (127.0.0.1, [::1], localhost)")
        }
        guard components.path.allSatisfy({ $0 == "/" }), components.query == nil, components.fragment == nil,
            components.user == nil, components.password == nil
        else {
            throw InvalidEndpoint(text: text, problem: "it must be scheme, host and port alone")
        }
        guard components.port.map((1...65_535).contains) ?? true else {
            throw InvalidEndpoint(text: text, problem: "its port must be 1 to 65535")
        }
        url = "\(scheme)://\(host)" + (components.port.map { ":\($0)" } ?? "")
    }

    /// The real service in a region.
    package init(region: String) throws(InvalidEndpoint) {
        guard !region.isEmpty, region.allSatisfy({ $0.isASCII && ($0.isLowercase || $0.isNumber || $0 == "-") }) else {
            throw InvalidEndpoint(text: region, problem: "it is not the name of a region like eu-west-2")
        }
        try self.init(parsing: "https://participant.connect.\(region).amazonaws.com")
    }

    package var description: String { url }

    /// Whether a URL that the service gave may be used: encrypted, or on this machine when the service itself is.
    func allows(_ url: String) -> Bool {
        guard let components = URLComponents(string: url), let scheme = components.scheme?.lowercased(), let host = components.host else {
            return false
        }
        switch scheme {
        case "https", "wss": return !host.isEmpty
        case "http", "ws": return isLoopback && Loopback.contains(host)
        default: return false
        }
    }
}

package struct InvalidEndpoint: Error, CustomStringConvertible {
    package var text: String
    package var problem: String

    package var description: String { "the endpoint '\(text)' cannot be used: \(problem)" }
}
