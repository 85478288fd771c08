import ArgumentParser
import CLinux
import CModuleKeeper
import Foundation
import Transport

/// The command. It parses its line, sets the process up, and leaves with the exit codes that the design names.
@main
struct Attache: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "attache",
        abstract: "A bot host for Amazon Connect chats, with a local participant service to try it on.",
        discussion: """
            Exit codes: 0 done, 1 failed, 2 usage or bot file, 3 connection, 4 a test or expectation failed.
            Data goes to stdout, everything else to stderr.
            """,
        version: "0.1.0",
        subcommands: [
            Run.self, Join.self, Repl.self, Test.self, Check.self, ModuleCommand.self, Local.self, Uploads.self, Sessions.self,
            StoreCommand.self,
            Forget.self,
        ]
    )

    static func main() async {
        let arguments = CommandLine.arguments
        guard attache_end_by_fatal_signals() == 0 else { refuse("its fatal signals could not be given back to the system") }
        if arguments.dropFirst().first == ChildKeeper.subcommand { keepModule(Array(arguments.dropFirst(2))) }
        // A peer that goes away must be an error of one write, not the end of the process.
        signal(SIGPIPE, SIG_IGN)
        // Each session has a socket; and where there is no descriptor left at all, libdispatch ends the process. Failing is no reason not to start.
        _ = attache_raise_file_limit()
        guard attache_forbid_dumps() == 0 else { refuse("the process could not be protected from being dumped") }
        do {
            if let problem = misspelling(in: Array(arguments.dropFirst())) { throw CommandFailure(.usage, problem) }
            var command = try parseAsRoot()
            if var command = command as? any AsyncParsableCommand {
                try await command.run()
            } else {
                try command.run()
            }
        } catch {
            leave(with: error)
        }
    }

    /// This process is the keeper of a module's, and never anything else.
    private static func keepModule(_ arguments: [String]) -> Never {
        var words = arguments.map { strdup($0) } + [nil]
        Foundation.exit(words.withUnsafeMutableBufferPointer { attache_keep_module(CInt(arguments.count), $0.baseAddress) })
    }

    private static func refuse(_ problem: String) -> Never {
        Terminal.complain("\(problem): \(String(cString: strerror(errno)))")
        Foundation.exit(ExitStatus.failed.rawValue)
    }

    private static func leave(with error: any Error) -> Never {
        if let failure = error as? CommandFailure {
            if !failure.message.isEmpty { Terminal.complain(failure.message) }
            Foundation.exit(failure.status.rawValue)
        }
        let code = exitCode(for: error)
        if code.isSuccess {
            print(fullMessage(for: error))
            Foundation.exit(ExitStatus.done.rawValue)
        }
        if code == .validationFailure {
            FileHandle.standardError.write(Data((fullMessage(for: error) + "\n").utf8))
            Foundation.exit(ExitStatus.usage.rawValue)
        }
        Terminal.complain("\(error)")
        Foundation.exit(ExitStatus.failed.rawValue)
    }
}

/// The exit codes of every subcommand.
enum ExitStatus: Int32 {
    case done = 0
    case failed = 1
    /// A wrong command line, or a bot file that is not accepted.
    case usage = 2
    case connection = 3
    case expectation = 4
}

/// Why a command ends without success. An empty message has been printed already.
struct CommandFailure: Error {
    var status: ExitStatus
    var message: String

    init(_ status: ExitStatus, _ message: String) {
        self.status = status
        self.message = message
    }
}

/// Where people are spoken to.
enum Terminal {
    /// Data, for whoever reads stdout; it is there at once, also in a pipe.
    static func answer(_ line: String) {
        FileHandle.standardOutput.write(Data((line + "\n").utf8))
    }

    static func complain(_ message: String) {
        tell("attache: \(message)")
    }

    static func tell(_ message: String) {
        FileHandle.standardError.write(Data((message + "\n").utf8))
    }
}
