import Foundation
import Glibc
import Synchronization

/// The real `attache`, as a process of its own. It is killed when nobody holds it any more.
final class ChildProcess: Sendable {
    private let state = ProcessState()
    private let id: pid_t

    struct Exit: Sendable, Equatable {
        /// As a shell has it: 128 and the signal's number for who was killed.
        var status: Int32
    }

    /// - Parameter input: What it reads from its standard input, which then ends.
    init(_ arguments: [String], environment: [String: String] = [:], input: String = "") throws {
        let program = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath().deletingLastPathComponent().path + "/attache"
        let inherited = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("ATTACHE_") }
        let variables = inherited.merging(environment) { _, own in own }.map { "\($0.key)=\($0.value)" }
        let (standardInput, output, errors) = (try Pipe(), try Pipe(), try Pipe())
        id = try Self.spawn(program, [program] + arguments, variables, [standardInput.reader, output.writer, errors.writer])
        for descriptor in [standardInput.reader, output.writer, errors.writer] { close(descriptor) }
        // Tokens and the like fit into a pipe, so this does not wait for the reader.
        _ = write(standardInput.writer, input, input.utf8.count)
        close(standardInput.writer)

        let (id, state) = (id, state)
        Thread.detachNewThread { state.collect(from: output.reader, into: \.output) }
        Thread.detachNewThread { state.collect(from: errors.reader, into: \.errors) }
        Thread.detachNewThread { state.reap(id) }
    }

    deinit {
        state.signal(id, SIGKILL)
    }

    /// Two sockets: unlike a pipe, they can be made so that no other test's child inherits an end.
    private struct Pipe {
        let reader: CInt
        let writer: CInt

        init() throws {
            var ends: [CInt] = [0, 0]
            let kind = Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue)
            guard socketpair(AF_UNIX, kind, 0, &ends) == 0 else { throw Unexpected("no socket pair: \(errno)") }
            (reader, writer) = (ends[0], ends[1])
        }
    }

    private static func spawn(_ program: String, _ arguments: [String], _ variables: [String], _ descriptors: [CInt]) throws -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() {
            posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(number))
        }
        let arguments = arguments.map { strdup($0) }
        let variables = variables.map { strdup($0) }
        defer { for text in arguments + variables { free(text) } }
        var id: pid_t = 0
        let result = posix_spawn(&id, program, &actions, nil, arguments + [nil], variables + [nil])
        guard result == 0 else { throw Unexpected("\(program): \(String(cString: strerror(result)))") }
        return id
    }

    // MARK: What a test does with it

    func signal(_ number: CInt) {
        state.signal(id, number)
    }

    var output: String { state.text(\.output) }
    var errors: String { state.text(\.errors) }

    /// Waits until its first line of output, which is data, is there.
    func firstLine() async throws -> String {
        try await wait { $0.output.firstLine }
    }

    /// Waits for a line on standard error that contains the text.
    func complaint(_ text: String) async throws -> String {
        try await wait { $0.errors.split(separator: "\n").first { $0.contains(text) }.map(String.init) }
    }

    func exit() async throws -> Exit {
        while true {
            if let exit = state.exit { return exit }
            try await Task.sleep(for: .milliseconds(10))
        }
    }

    /// What the kernel tells of it under /proc; nothing where this process may not read it.
    func kernelFile(_ name: String) throws -> String {
        do {
            return try String(decoding: Data(contentsOf: URL(fileURLWithPath: "/proc/\(id)/\(name)")), as: UTF8.self)
        } catch  where getuid() != 0 && name == "environ" {
            return ""
        }
    }

    /// The most memory that it has had resident so far, in KiB.
    func peakMemory() throws -> Int {
        let status = try String(contentsOfFile: "/proc/\(id)/status", encoding: .utf8)
        guard let line = status.split(separator: "\n").first(where: { $0.hasPrefix("VmHWM:") }),
            let number = line.split(whereSeparator: \.isWhitespace).dropFirst().first.flatMap({ Int($0) })
        else { throw Unexpected("no VmHWM in \(status)") }
        return number
    }

    private func wait(for value: (ChildProcess) -> String?) async throws -> String {
        while true {
            if let value = value(self) { return value }
            if let exit = state.exit { throw Unexpected("it ended with \(exit.status): \(errors)") }
            try await Task.sleep(for: .milliseconds(10))
        }
    }
}

/// What is known of a process. Its threads, each of which blocks on one thing, write here.
private final class ProcessState: Sendable {
    struct Collected {
        var output: [UInt8] = []
        var errors: [UInt8] = []
        /// Pipes that are still open.
        var openPipes = 2
        var exit: ChildProcess.Exit?
    }

    private let collected = Mutex(Collected())

    /// Nil until it is reaped, and all that it wrote was read.
    var exit: ChildProcess.Exit? {
        collected.withLock { $0.openPipes == 0 ? $0.exit : nil }
    }

    func text(_ stream: KeyPath<Collected, [UInt8]>) -> String {
        collected.withLock { String(decoding: $0[keyPath: stream], as: UTF8.self) }
    }

    func signal(_ id: pid_t, _ number: CInt) {
        // Until it is reaped, the id is nobody else's.
        collected.withLock { if $0.exit == nil { _ = kill(id, number) } }
    }

    func collect(from descriptor: CInt, into stream: any WritableKeyPath<Collected, [UInt8]> & Sendable) {
        var block = [UInt8](repeating: 0, count: 64 * 1024)
        while true {
            let count = read(descriptor, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            collected.withLock { $0[keyPath: stream] += block[..<count] }
        }
        close(descriptor)
        collected.withLock { $0.openPipes -= 1 }
    }

    func reap(_ id: pid_t) {
        var info = siginfo_t()
        while waitid(P_PID, id_t(id), &info, WEXITED | WNOWAIT) != 0, errno == EINTR {}
        collected.withLock { collected in
            var status: CInt = 0
            waitpid(id, &status, 0)
            let signal = status & 0x7f
            collected.exit = .init(status: signal == 0 ? (status >> 8) & 0xff : 128 + signal)
        }
    }
}

struct Unexpected: Error, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension String {
    /// Without its end; nil until that is there.
    fileprivate var firstLine: String? {
        firstIndex(of: "\n").map { String(self[..<$0]) }
    }
}
