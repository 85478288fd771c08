import CLinux
import Glibc
import Synchronization

/// A child process with its keeper, as they were spawned; see `module_keeper.h` for what lies between the two.
struct KeptProcess: Sendable {
    let keeper: Keeper
    /// Ends of pipes: the child's standard input, output and errors.
    let input: CInt
    let output: CInt
    let errors: CInt
    let lifeline: Lifeline
    private let report: CInt

    /// While it is open, the child may live.
    final class Lifeline: Sendable {
        private let descriptor: Mutex<CInt?>

        init(_ descriptor: CInt) {
            self.descriptor = Mutex(descriptor)
        }

        func cut() {
            if let open = descriptor.withLock({ $0.take() }) { close(open) }
        }

        deinit { cut() }
    }

    /// The keeper's process. It is signalled only while its number is its own.
    final class Keeper: Sendable {
        private let pid: pid_t
        private let isBuried = Mutex(false)

        init(pid: pid_t) {
            self.pid = pid
        }

        func signal(_ number: CInt) {
            isBuried.withLock { if !$0 { kill(pid, number) } }
        }

        /// Blocks until it is gone.
        /// - Returns: Whether a signal ended it.
        func bury() -> Bool {
            var details = siginfo_t()
            while waitid(P_PID, id_t(pid), &details, WEXITED | WNOWAIT) < 0, errno == EINTR {}
            return isBuried.withLock { isBuried in
                var status: CInt = 0
                while waitpid(pid, &status, 0) < 0, errno == EINTR {}
                isBuried = true
                return status & 0x7f != 0
            }
        }
    }

    /// Blocks for about a millisecond.
    init(_ command: ChildCommand, keeper: ChildKeeper) throws(ChildError) {
        var pipes: [Pipe] = []
        var isSpawned = false
        defer { for pipe in pipes { pipe.close(childsEnd: true, ownEnd: !isSpawned) } }
        for childReads in [true, false, false, true, false] { pipes.append(try Pipe(childReads: childReads)) }
        // What a module leaves when it kills its keeper comes to this process: see `Orphans`.
        _ = attache_adopt_orphans()
        self.keeper = Keeper(pid: try Self.spawn(keeper, command, pipes.map(\.childsEnd)))
        isSpawned = true
        input = pipes[0].ownEnd
        output = pipes[1].ownEnd
        errors = pipes[2].ownEnd
        lifeline = Lifeline(pipes[3].ownEnd)
        report = pipes[4].ownEnd
    }

    /// Blocks until the keeper is gone, and with it all that it kept.
    func waitForEnding() -> ChildEnding {
        var text: [UInt8] = []
        var block = [UInt8](repeating: 0, count: 64)
        while true {
            let count = read(report, &block, block.count)
            if count < 0, errno == EINTR { continue }
            guard count > 0 else { break }
            text += block[..<count]
        }
        close(report)
        let isKilled = keeper.bury()
        if isKilled { Orphans.end() }
        return ChildEnding(report: String(decoding: text, as: UTF8.self), keeper: isKilled)
    }

    private static func spawn(_ keeper: ChildKeeper, _ command: ChildCommand, _ descriptors: [CInt]) throws(ChildError) -> pid_t {
        var actions = posix_spawn_file_actions_t()
        posix_spawn_file_actions_init(&actions)
        defer { posix_spawn_file_actions_destroy(&actions) }
        for (number, descriptor) in descriptors.enumerated() { posix_spawn_file_actions_adddup2(&actions, descriptor, CInt(number)) }

        var attributes = posix_spawnattr_t()
        posix_spawnattr_init(&attributes)
        defer { posix_spawnattr_destroy(&attributes) }
        var none = sigset_t()
        var all = sigset_t()
        sigemptyset(&none)
        sigfillset(&all)
        posix_spawnattr_setsigmask(&attributes, &none)
        posix_spawnattr_setsigdefault(&attributes, &all)
        // A group of its own: what a terminal sends to the host's is not for it.
        posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF))

        let words = keeper.arguments + command.settings + ["--", command.executable] + command.arguments
        let environment = command.environment.map { "\($0)=\($1)" }.sorted()
        var pid = pid_t()
        let code = withCStrings([keeper.executable] + words) { arguments in
            withCStrings(environment) { posix_spawn(&pid, keeper.executable, &actions, &attributes, arguments, $0) }
        }
        guard code == 0 else { throw ChildError("\(keeper.executable) cannot be started: \(errorText(Int(code)))") }
        return pid
    }
}

/// The program that stands between the host and its children: this program itself, with a hidden subcommand.
package struct ChildKeeper: Hashable, Sendable {
    var executable: String
    var arguments: [String]

    package static let subcommand = "module-keeper"

    /// - Parameter executable: The path of `attache`.
    package init(executable: String = "/proc/self/exe") {
        self.executable = executable
        arguments = [Self.subcommand]
    }
}

/// A child process could not be started, or not be talked to.
package struct ChildError: Error, Hashable, CustomStringConvertible {
    package let description: String

    init(_ description: String) {
        self.description = description
    }
}

extension ChildCommand {
    /// As `module_keeper.h` has them.
    fileprivate var settings: [String] {
        let numbers = [
            ("memory", limits.memory), ("processes", limits.processes), ("cpu", limits.cpu), ("open_files", limits.openFiles),
            ("file_size", limits.fileSize),
        ]
        var settings = numbers.compactMap { name, number in number.map { "\(name)=\($0)" } } + ["folder=\(folder)"]
        if let group { settings.append("group=\(group)") }
        if let sandbox { settings += ["sandbox=on"] + sandbox.rules.map { "\($0.access.rawValue)=\($0.path)" } }
        return settings
    }
}

private struct Pipe {
    let childsEnd: CInt
    let ownEnd: CInt

    init(childReads: Bool) throws(ChildError) {
        var ends: [CInt] = [-1, -1]
        guard pipe(&ends) == 0 else { throw ChildError("there can be no more pipes: \(errorText(Int(errno)))") }
        // Away from the numbers that they get in the child, which would be overwritten before they are copied. What is inherited by chance, the
        // keeper closes first of all.
        let moved = ends.map { fcntl($0, F_DUPFD_CLOEXEC, 16) }
        for end in ends { Glibc.close(end) }
        guard moved.allSatisfy({ $0 >= 0 }) else {
            for end in moved where end >= 0 { Glibc.close(end) }
            throw ChildError("there can be no more pipes: \(errorText(Int(errno)))")
        }
        (childsEnd, ownEnd) = childReads ? (moved[0], moved[1]) : (moved[1], moved[0])
    }

    func close(childsEnd closesChilds: Bool, ownEnd closesOwn: Bool) {
        if closesChilds { Glibc.close(childsEnd) }
        if closesOwn { Glibc.close(ownEnd) }
    }
}

private func withCStrings<Result>(_ texts: [String], _ body: ([UnsafeMutablePointer<CChar>?]) -> Result) -> Result {
    let strings = texts.map { strdup($0) }
    defer { for string in strings { free(string) } }
    return body(strings + [nil])
}

func errorText(_ number: Int) -> String { String(cString: strerror(CInt(truncatingIfNeeded: number))) }

func signalName(_ number: Int) -> String { String(cString: strsignal(CInt(truncatingIfNeeded: number))) }
