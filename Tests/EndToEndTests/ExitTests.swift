import Foundation
import Glibc
import Testing

/// How the command ends, and what it says then.
@Suite("Exit codes", .timeLimit(.minutes(2)))
struct ExitTests {
    private let workplace: Workplace

    init() throws {
        workplace = try Workplace()
    }

    struct Case: Sendable, CustomTestStringConvertible {
        /// BOT, WRONG, TOKEN and EMPTY stand for files.
        var line: String
        var status: Int32
        var complaint: String

        var testDescription: String { line }

        init(_ line: String, _ status: Int32, _ complaint: String) {
            self.line = line
            self.status = status
            self.complaint = complaint
        }
    }

    @Test(
        "A command line that is wrong ends with 2 and a word about it; one that only asks ends with 0",
        arguments: [
            Case("--help", 0, ""),
            Case("run --help", 0, ""),
            Case("--version", 0, ""),
            Case("dance", 2, "dance"),
            Case("run", 2, "bots"),
            Case("run BOT", 2, "--region"),
            Case("run BOT --endpoint http://127.0.0.1:1", 2, "--intake HOST:PORT"),
            Case("run BOT --local --nonsense", 2, "--nonsense"),
            Case("run BOT --local --log-level loud", 2, "loud"),
            Case("run BOT --local --endpoint http://127.0.0.1:1", 2, "--endpoint"),
            Case("run BOT --endpoint http://127.0.0.1:1 --intake 127.0.0.1", 2, "HOST:PORT"),
            Case("run BOT --endpoint http://127.0.0.1:1 --intake 127.0.0.1:0", 2, "--intake-secret-file"),
            Case("run BOT --endpoint http://127.0.0.1:1 --intake 127.0.0.1:0 --intake-secret-file EMPTY", 2, "openssl rand"),
            Case("run BOT --endpoint http://example.com --intake 127.0.0.1:0 --intake-secret-file TOKEN", 2, "https"),
            Case("run missing.yaml --local", 2, "missing.yaml: there is no such file"),
            Case("run WRONG --local", 2, "wrong.yaml:4:12: "),
            Case("run BOT BOT --local", 2, "both named 'asking'"),
            Case("join BOT", 2, "participant-token-file"),
            Case("join BOT --participant-token-file TOKEN", 2, "--region"),
            Case("join BOT --participant-token-file missing --endpoint http://127.0.0.1:1", 2, "missing: there is no such file"),
            Case("join BOT --participant-token-file EMPTY --endpoint http://127.0.0.1:1", 2, "does not hold a participant token"),
            Case("join BOT --participant-token-file TOKEN --endpoint nonsense", 2, "nonsense"),
            Case("join BOT --participant-token-file TOKEN --endpoint http://127.0.0.1:1 --role KING", 2, "KING"),
            Case("join WRONG --participant-token-file TOKEN --endpoint http://127.0.0.1:1", 2, "wrong.yaml:4:12: "),
            Case("local --port 99999", 2, "65535"),
        ]
    )
    func commandLine(_ example: Case) async throws {
        let files = [
            "BOT": try workplace.file("asking.yaml", Workplace.asking),
            "WRONG": try workplace.file("wrong.yaml", "bot: wrong\nbehaviours:\n  - when: joined\n    do: [{ shout: hi }]\n"),
            "TOKEN": try workplace.file("token", "a-token-of-a-participant\n"),
            "EMPTY": try workplace.file("empty", "\n"),
        ]
        let arguments = example.line.split(separator: " ").map { files[String($0)] ?? String($0) }
        let attache = try ChildProcess(arguments, environment: ["ATTACHE_STORE": workplace.store])
        #expect(try await attache.exit().status == example.status, "\(attache.errors)")
        #expect(example.status == 0 ? attache.errors.isEmpty : attache.errors.contains(example.complaint), "\(attache.errors)")
        #expect(attache.output.isEmpty == (example.status != 0))
        #expect(!FileManager.default.fileExists(atPath: workplace.store))
    }

    @Test(
        "A signal that tells of a mistake ends the process at once, and nothing of its memory is printed",
        arguments: [SIGSEGV, SIGABRT, SIGBUS, SIGILL, SIGFPE, SIGTRAP, SIGQUIT],
        ["", "enable=yes,registers=all,color=no"]
    )
    func fatalSignals(signal: CInt, backtrace: String) async throws {
        let bot = try workplace.file("asking.yaml", Workplace.asking)
        let attache = try ChildProcess(
            ["run", bot, "--local", "--store", workplace.store],
            environment: ["SWIFT_BACKTRACE": backtrace]
        )
        _ = try await attache.firstLine()
        let words = attache.errors
        attache.signal(signal)
        #expect(try await attache.exit().status == 128 + signal)
        // It may have said something more, but not of its crash.
        for word in ["0x", "rax", "Register", "Backtrac", "Thread", "crash"] {
            #expect(!attache.errors.dropFirst(words.count).contains(word), "\(attache.errors)")
        }
    }

    @Test("Options may come from the environment, and are checked there as well")
    func environment() async throws {
        let bot = try workplace.file("asking.yaml", Workplace.asking)
        let attache = try ChildProcess(["run", bot, "--local"], environment: ["ATTACHE_LOG_LEVEL": "loud"])
        #expect(try await attache.exit().status == 2)
        #expect(attache.errors.contains("ATTACHE_LOG_LEVEL"))
    }
}
