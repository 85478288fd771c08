import Foundation

/// Where a user's own files are, by the XDG base directory specification.
enum UserFolders {
    /// What is kept from one run to the next.
    static var state: String { folder("XDG_STATE_HOME", or: "/.local/state") }

    /// What the user has set up.
    static var configuration: String { folder("XDG_CONFIG_HOME", or: "/.config") }

    /// A relative path in the variable is to be ignored, says the specification.
    private static func folder(_ variable: String, or fallback: String) -> String {
        let named = ProcessInfo.processInfo.environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
        return (named ?? NSHomeDirectory() + fallback) + "/attache"
    }
}
