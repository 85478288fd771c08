/// The names and addresses of this machine for itself.
package enum Loopback {
    /// - Parameter host: As a URL has it; an address in any spelling that resolvers take, with or without brackets.
    package static func contains(_ host: String) -> Bool {
        var name = host.trimmingBrackets.lowercased()
        if name.hasSuffix(".") { name.removeLast() }
        return name == "localhost" || IPAddress(name)?.isLoopback ?? false
    }
}
