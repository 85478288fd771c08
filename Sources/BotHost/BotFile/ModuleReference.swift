package import Transport

/// A module as the `modules:` of a bot file names it.
package struct ModuleReference: Hashable, Sendable {
    package enum Kind: Hashable, Sendable {
        /// The command that starts an MCP server, with its arguments.
        case mcp([String])
        /// The name or the path of a native library.
        case library(String)
    }

    package let name: String
    package let kind: Kind
    package let options: ModuleOptions
    package let mark: SourceMark

    package init(name: String, kind: Kind, options: ModuleOptions = ModuleOptions(), mark: SourceMark = .wholeFile) {
        self.name = name
        self.kind = kind
        self.options = options
        self.mark = mark
    }
}

/// What a bot file may say of a module.
package struct ModuleOptions: Hashable, Sendable {
    /// How long a call may go without an answer or a sign of progress.
    package var timeout = Duration.seconds(15)
    /// Calls at a time; more wait.
    package var concurrency = 8
    package var trust = Trust.unsaid
    /// The only actions that may be called; nil for all.
    package var tools: [String]?
    /// The digest that the schemas of its actions must have.
    package var pin: String?

    // For processes alone.

    /// How long it may take to answer after it was started.
    package var startTime = Duration.seconds(30)
    package var environment: [String: EnvironmentValue] = [:]
    /// Where it runs; nil for the bot file's folder.
    package var folder: String?
    package var limits = ModuleOptions.defaultLimits
    /// Whether it has no files but those that it needs.
    package var isSandboxed = true
    package var era = EraChoice.auto

    /// A server that needs more says so in the bot file.
    package static let defaultLimits = ChildLimits(memory: 2 << 30, processes: 256, openFiles: 256, fileSize: 256 << 20)
    package static let concurrencyLimit = 64

    package init() {}

    /// A call that never stops reporting progress ends all the same.
    package var hardTimeout: Duration { max(.seconds(120), timeout * 2) }

    /// How far a module is believed what it says of its actions, and what it is told.
    package enum Trust: Hashable, Sendable {
        /// Nothing is said: an interrupted call of an action that it calls read-only or idempotent is made again, unless it calls the action
        /// destructive, too. It is not told the step's variables.
        case unsaid
        /// `true`: also of a destructive action. It is told the step's variables.
        case full
        /// `false`: no call is made again.
        case denied
    }

    package enum EnvironmentValue: Hashable, Sendable {
        case text(String)
        /// The value of a variable of the host's own environment.
        case from(String)
    }

    /// Which of the two protocols an MCP server is spoken to in.
    package enum EraChoice: String, Hashable, Sendable, CaseIterable {
        case auto
        /// `server/discover`
        case modern
        /// `initialize`
        case legacy
    }
}
