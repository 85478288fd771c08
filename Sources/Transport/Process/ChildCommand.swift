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
    /// The files that it has; nil for all that this process has.
    package var sandbox: ChildSandbox?
    /// The folder of a control group, made for it alone, that holds to what all its processes may use together.
    package var group: String?

    package init(
        executable: String,
        arguments: [String] = [],
        environment: [String: String] = [:],
        folder: String,
        limits: ChildLimits = ChildLimits(),
        sandbox: ChildSandbox? = nil,
        group: String? = nil
    ) {
        self.executable = executable
        self.arguments = arguments
        self.environment = environment
        self.folder = folder
        self.limits = limits
        self.sandbox = sandbox
        self.group = group
    }
}

/// What a child process may use; nil for no limit.
package struct ChildLimits: Hashable, Sendable {
    /// Bytes of memory that it and all that it starts have written to; and of private writable memory of one process.
    package var memory: Int?
    /// Processes and threads that it has at a time, with all that it starts.
    package var processes: Int?
    /// Seconds of processor time of one process.
    package var cpu: Int?
    package var openFiles: Int?
    /// Bytes of one file that it writes.
    package var fileSize: Int?

    package init(memory: Int? = nil, processes: Int? = nil, cpu: Int? = nil, openFiles: Int? = nil, fileSize: Int? = nil) {
        self.memory = memory
        self.processes = processes
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
    /// Its sandbox cannot be made; an errno.
    case noSandbox(Int)
    /// It could not be started; an errno.
    case notStarted(Int)
    /// It was ended because it used more memory than this, in bytes, together with all that it had started.
    case tooMuchMemory(Int)
    /// It was ended because it had more processes and threads than this.
    case tooManyProcesses(Int)
    /// It was ended from here.
    case killed
    /// The process that looks after it was killed, by it or by somebody else, and it with all that it had started after that.
    case keeperKilled

    package var description: String {
        switch self {
        case .exited(let code): "it exited with code \(code)"
        case .signalled(let number): "it was ended by signal \(number) (\(signalName(number)))"
        case .noFolder(let number): "its folder cannot be entered: \(errorText(number))"
        case .noSandbox(let number): "its sandbox cannot be made: \(errorText(number))"
        case .notStarted(let number): "it cannot be started: \(errorText(number))"
        case .tooMuchMemory(let limit): "it was ended: it and all that it had started used more memory than its limit of \(limit >> 20) MiB"
        case .tooManyProcesses(let limit): "it was ended: it had more processes and threads than its limit of \(limit)"
        case .killed: "it was killed"
        case .keeperKilled: "the process that looks after it was killed"
        }
    }

    /// Reads the keeper's report.
    /// - Parameter isKilled: Whether the keeper came to its end by a signal: then what it had not reported it never will.
    init(report: String, keeper isKilled: Bool) {
        let words = report.prefix { $0 != "\n" }.split(separator: " ")
        guard words.count == 2, let number = Int(words[1]) else {
            self = isKilled ? .keeperKilled : .killed
            return
        }
        switch words[0] {
        case "exit": self = .exited(number)
        case "signal": self = .signalled(number)
        case "folder": self = .noFolder(number)
        case "sandbox": self = .noSandbox(number)
        case "start": self = .notStarted(number)
        case "memory": self = .tooMuchMemory(number)
        case "processes": self = .tooManyProcesses(number)
        default: self = .killed
        }
    }
}
