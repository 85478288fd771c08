/// The list in `no_proxy`, with what curl, Python and Go read in it: separated by commas or spaces, upper or lower case, `*` for everything, names with
/// all that is below them (`example.com`, `.example.com`, `*.example.com`), addresses, networks (`10.0.0.0/8`), each perhaps with a port.
struct ProxyExceptions: Sendable {
    private let entries: [Entry]

    init(_ list: String) {
        entries = list.lowercased().split { $0 == "," || $0.isWhitespace }.map(Entry.init)
    }

    /// - Parameter host: A name, or an address without brackets.
    func contains(_ host: String, port: Int) -> Bool {
        let name = host.lowercased().trimmingDot
        let address = IPAddress(name)
        return entries.contains { entry in
            guard entry.port.map({ $0 == port }) ?? true else { return false }
            if entry.host == "*" { return true }
            if let address { return address.isIn(entry.host) }
            return name == entry.name || name.hasSuffix(".\(entry.name)")
        }
    }

    private struct Entry: Sendable {
        var host: String
        /// The only one that is meant; nil for all.
        var port: Int?

        init(_ text: Substring) {
            host = String(text)
            let colon = text.lastIndex(of: ":")
            // The last part of an IPv6 address is no port, unless there are brackets around the address.
            guard let colon, text.hasPrefix("[") ? text[..<colon].hasSuffix("]") : text.firstIndex(of: ":") == colon,
                let port = Int(text[text.index(after: colon)...])
            else { return }
            host = String(text[..<colon])
            self.port = port
        }

        /// Without what says that names below it are meant; they always are.
        var name: String {
            let isPattern = host.hasPrefix("*.")
            return String(host.drop { $0 == "." || $0 == "*" && isPattern }).trimmingDot
        }
    }
}

extension String {
    /// A name with a dot at its end is the same name.
    fileprivate var trimmingDot: String { hasSuffix(".") ? String(dropLast()) : self }
}
