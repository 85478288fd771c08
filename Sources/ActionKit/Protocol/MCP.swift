/// The words of the Model Context Protocol that a module and its host share.
package enum MCP {
    /// The revision with `server/discover`, in which every request says which revision it speaks.
    package static let modernVersion = "2026-07-28"
    /// The revisions with `initialize`, newest first.
    package static let legacyVersions = ["2025-11-25", "2025-06-18", "2025-03-26", "2024-11-05"]

    /// Which way of speaking a request was made in. They differ in a few members of their results, and in how a question is asked.
    package enum Era: Sendable, Hashable {
        case modern
        case legacy
    }

    /// Names within `_meta`.
    package enum Meta {
        package static let protocolVersion = "io.modelcontextprotocol/protocolVersion"
        package static let clientInfo = "io.modelcontextprotocol/clientInfo"
        package static let clientCapabilities = "io.modelcontextprotocol/clientCapabilities"
        package static let serverInfo = "io.modelcontextprotocol/serverInfo"
        /// What a call knows of its chat: an extension that other clients and servers ignore.
        package static let context = "dev.attache/context"
    }

    /// Up to this size, in bytes, a file travels inside of the result; a larger one is written to the spool folder and linked.
    package static let largestInlineFile = 1 << 20
}
