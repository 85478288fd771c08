import Foundation

/// Where a user's own files are, by the XDG base directory specification.
enum UserFolders {
    /// What is kept from one run to the next.
    static var state: String { folder("XDG_STATE_HOME", or: "/.local/state") }

    /// What the user has set up.
    static var configuration: String { folder("XDG_CONFIG_HOME", or: "/.config") }

    private static func folder(_ variable: String, or fallback: String) -> String {
        (named(variable) ?? (named("HOME") ?? NSHomeDirectory()) + fallback) + "/attache"
    }

    /// A relative path in a variable is to be ignored, says the specification.
    private static func named(_ variable: String) -> String? {
        ProcessInfo.processInfo.environment[variable].flatMap { $0.hasPrefix("/") ? $0 : nil }
    }
}
