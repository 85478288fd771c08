/// A command to run as a child process, and what it may use.
package struct ChildCommand: Hashable, Sendable {
    /// Absolute, or relative to this process's folder.
    package var executable: String
    package var arguments: [String]
    /// All of it: nothing is inherited.
    package var environment: [String: String]
    /// Where it runs.
    package var folder: String
    package var limits: ChildLimits

    package init(
        executable: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        folder: String,
        limits: ChildLimits = ChildLimits()
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.limits = limits
    }
}

/// What a child process may use; nil for no limit.
package struct ChildLimits: Hashable, Sendable {
    /// Bytes of private writable memory of one process.
    package var memory: Int?
    /// Seconds of processor time of one process.
    package var cpu: Int?
    package var openFiles: Int?
    /// Bytes of one file that it writes.
    package var fileSize: Int?

    package init(memory: Int? = nil, cpu: Int? = nil, openFiles: Int? = nil, fileSize: Int? = nil) {
        self.memory = memory
        self.cpu = cpu
        self.openFiles = openFiles
        self.fileSize = fileSize
    }
}

/// How a child process came to its end.
package enum ChildEnding: Hashable, Sendable, CustomStringConvertible {
    case exited(Int)
    case signalled(Int)
    /// There is no such folder to run in, or it may not be entered; an errno.
    case noFolder(Int)
    /// It could not be started; an errno.
    case notStarted(Int)
    /// It was ended from here, or its keeper was killed.
    case killed

    package var description: String {
        switch self {
        case .exited(let code): "it exited with code \(code)"
        case .signalled(let number): "it was ended by signal \(number) (\(signalName(number)))"
        case .noFolder(let number): "its folder cannot be entered: \(errorText(number))"
        case .notStarted(let number): "it cannot be started: \(errorText(number))"
        case .killed: "it was killed"
        }
    }

    /// Reads the keeper's report.
    init(report: String) {
        let words = report.prefix { $0 != "\n" }.split(separator: " ")
        guard words.count == 2, let number = Int(words[1]) else {
            self = .killed
            return
        }
        switch words[0] {
        case "exit": self = .exited(number)
        case "signal": self = .signalled(number)
        case "folder": self = .noFolder(number)
        case "start": self = .notStarted(number)
        default: self = .killed
        }
    }
}
