import FoundationEssentials
import Glibc

extension Module {
    /// Serves this module as an MCP server over standard input and output, until the input ends: all that a module's program does.
    ///
    /// ```swift
    /// @main
    /// struct Orders {
    ///     static func main() async throws {
    ///         try await Module(name: "orders", actions: [lookup, cancel]).serve()
    ///     }
    /// }
    /// ```
    ///
    /// From then on `print` writes to standard error, where the host reads what a module logs: on standard output it would be taken for
    /// an answer.
    ///
    /// - Throws: ``ActionError`` if serving cannot begin.
    public func serve() async throws {
        // A host that went away must be the end of the input, not of the process in the middle of a write.
        signal(SIGPIPE, SIG_IGN)
        if isatty(STDIN_FILENO) == 1 {
            Self.note("this is the action module '\(name)', waiting for the requests of a host; try: attache module test THIS-PROGRAM")
        }
        let (input, output) = try Self.takeStandardStreams()
        let server = ModuleServer(self, input: input, output: output, now: { Date() }) { level, text in
            Self.note("\(level): \(text)")
        }
        try await server.run()
    }

    /// Keeps standard input and output for the protocol: whatever else reads or writes them gets nothing, or standard error.
    private static func takeStandardStreams() throws(ActionError) -> (input: Int32, output: Int32) {
        let input = fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 3)
        let output = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3)
        let null = open("/dev/null", O_RDONLY | O_CLOEXEC)
        guard input >= 0, output >= 0, null >= 0, dup2(null, STDIN_FILENO) >= 0, dup2(STDERR_FILENO, STDOUT_FILENO) >= 0 else {
            throw ActionError("standard input and output cannot be used: \(String(cString: strerror(errno)))")
        }
        close(null)
        return (input, output)
    }

    private static func note(_ text: String) {
        let line = Array((text.replacing("\n", with: " ") + "\n").utf8)
        _ = line.withUnsafeBytes { write(STDERR_FILENO, $0.baseAddress, $0.count) }
    }
}
