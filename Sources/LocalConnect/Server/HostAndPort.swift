import Glibc

/// Where a request or an origin says that something is: `localhost`, `127.0.0.1:8080`, `[::1]:8080`.
struct HostAndPort: Hashable, Sendable {
    /// Lower case, without the brackets of an address and without the dot of the root.
    let name: String
    let port: String?

    /// - Returns: Nil for anything else, such as user information, or an address in brackets that is none.
    init?(_ text: some StringProtocol) {
        let text = text.lowercased()
        let end: String.Index
        if text.hasPrefix("[") {
            guard let bracket = text.firstIndex(of: "]") else { return nil }
            name = String(text[..<bracket].dropFirst())
            end = text.index(after: bracket)
            guard Self.address(name, AF_INET6, count: 16) != nil else { return nil }
        } else {
            end = text.firstIndex(of: ":") ?? text.endIndex
            let written = text[..<end]
            name = String(written.hasSuffix(".") ? written.dropLast() : written)
            guard !name.isEmpty, name.utf8.allSatisfy(Self.isOfName) else { return nil }
        }
        let rest = text[end...]
        port = rest.isEmpty ? nil : String(rest.dropFirst())
        let isPort = rest.hasPrefix(":") && rest.utf8.dropFirst().allSatisfy { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains($0) }
        guard rest.isEmpty || isPort else { return nil }
    }

    /// Whether it is this machine, by a name or an address that nobody's DNS can give to another. Short, octal and decimal forms of an address are
    /// not among them: browsers write them out before they send them.
    var isLoopback: Bool {
        name == "localhost" || Self.address(name, AF_INET, count: 4)?.first == 127
            || Self.address(name, AF_INET6, count: 16) == [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1]
    }

    private static func isOfName(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "-"), UInt8(ascii: "_"),
            UInt8(ascii: "."):
            true
        default: false
        }
    }

    private static func address(_ text: String, _ family: CInt, count: Int) -> [UInt8]? {
        var bytes = [UInt8](repeating: 0, count: count)
        return !text.utf8.contains(0) && inet_pton(family, text, &bytes) == 1 ? bytes : nil
    }
}
