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
            Case("local --port 99999", 2, "a whole number from 0 to 65535"),
            Case("run BOT --local --port 99999", 2, "a whole number from 0 to 65535"),
            Case("run BOT --local --port=-1", 2, "a whole number from 0 to 65535"),
            Case("run BOT --local --port +80", 2, "a whole number from 0 to 65535"),
            Case("run BOT --local --port 80.5", 2, "a whole number from 0 to 65535"),
            Case("run BOT --local --port 99999999999999999999", 2, "a whole number from 0 to 65535"),
            Case("run BOT --endpoint http://127.0.0.1:99999 --intake 127.0.0.1:0 --intake-secret-file TOKEN", 2, "1 to 65535"),
            Case("run BOT --endpoint http://127.0.0.1:1 --intake 127.0.0.1:65536", 2, "0 to 65535"),
            Case("run BOT --endpoint http://127.0.0.1:1 --intake :80", 2, "HOST:PORT"),
            Case("run BOT --local --keep-files 30", 2, "as in 90m, 12h, 30d"),
            Case("run BOT --local --keep-files 99999999d", 2, "as in 90m, 12h, 30d"),
            Case("local --scan-delay 5s", 2, "0 to 60, without a unit"),
            Case("local --scan-delay nan", 2, "0 to 60"),
            Case("local --scan-delay 61", 2, "0 to 60"),
            Case("local --client-token-memory 1e3", 2, "0 to 604800"),
            Case("local --message-length 0", 2, "1 to 16384"),
            Case("local --message-length documnted", 2, "did you mean 'documented'?"),
            Case("local --intake http://127.0.0.1:99999 --intake-secret-file TOKEN", 2, "1 to 65535"),
            Case("module call BOT echo {} --repeat 0", 2, "1 to 1000000"),
            Case("module call BOT echo {} --repeat=-5", 2, "1 to 1000000"),
            Case("rn BOT", 2, "Did you mean 'run'?"),
            Case("help jion", 2, "Did you mean 'join'?"),
            Case("module lsit", 2, "there is no command 'attache module lsit'. Did you mean 'list'?"),
            Case("uploads retyr x", 2, "Did you mean 'retry'?"),
            Case("store chekc", 2, "Did you mean 'check'?"),
            Case("run BOT --local --prot 80", 2, "Did you mean '--port'?"),
            Case("run BOT --local --log-level wraning", 2, "did you mean 'warning'?"),
            Case("run BOT --local --log-format jsn", 2, "did you mean 'json'?"),
            Case("run BOT --local --receive pol", 2, "did you mean 'poll'?"),
            Case("run BOT --local --quotas documnted", 2, "did you mean 'documented'?"),
            Case("run BOT --local --quotas QUOTAS", 2, "there is no API 'SendMesage'; did you mean 'SendMessage'?"),
            Case("local --quotas RATE", 2, "the rate must be 0.001 to 1000000"),
            Case("local --quotas BRUST", 2, "there is no member 'brust' in 'SendMessage'; did you mean 'burst'?"),
            Case("local --receipts itme", 2, "did you mean 'item'?"),
            Case("local --faults FAULTS", 2, "there is no fault 'dealy'; did you mean 'delay'?"),
            Case("join BOT --participant-token-file TOKEN --endpoint http://127.0.0.1:1 --role AGNET", 2, "did you mean 'AGENT'?"),
            Case("module new --lang pyton x", 2, "did you mean 'python'?"),
        ]
    )
    func commandLine(_ example: Case) async throws {
        let files = [
            "BOT": try workplace.file("asking.yaml", Workplace.asking),
            "WRONG": try workplace.file("wrong.yaml", "bot: wrong\nbehaviours:\n  - when: joined\n    do: [{ shout: hi }]\n"),
            "TOKEN": try workplace.file("token", "a-token-of-a-participant\n"),
            "EMPTY": try workplace.file("empty", "\n"),
            "QUOTAS": try workplace.file("quotas.json", #"{"SendMesage": {"rate": 1, "burst": 1}}"#),
            "RATE": try workplace.file("rate.json", #"{"SendMessage": {"rate": 1e-300, "burst": 1}}"#),
            "BRUST": try workplace.file("brust.json", #"{"SendMessage": {"rate": 1, "brust": 1}}"#),
            "FAULTS": try workplace.file("faults.json", #"[{"fault": "dealy", "seconds": 1}]"#),
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

    @Test(
        "Options may come from the environment, and are checked there as well",
        arguments: [
            ("ATTACHE_LOG_LEVEL", "loud", "It can be: trace, debug"), ("ATTACHE_LOG_LEVEL", "wraning", "did you mean 'warning'?"),
            ("ATTACHE_LOG_FORMAT", "xml", "It can be: text, json"), ("ATTACHE_RECEIVE", "pol", "did you mean 'poll'?"),
            ("ATTACHE_KEEP_FILES", "-1d", "as in 90m, 12h, 30d"), ("ATTACHE_KEEP_FILES", "1.5d", "as in 90m, 12h, 30d"),
            ("ATTACHE_QUOTAS", "of", "did you mean 'off'?"), ("ATTACHE_INTAKE", "127.0.0.1:65536", "0 to 65535"),
        ]
    )
    func environment(name: String, value: String, complaint: String) async throws {
        let bot = try workplace.file("asking.yaml", Workplace.asking)
        let attache = try ChildProcess(["run", bot, "--local", "--store", workplace.store], environment: [name: value])
        #expect(try await attache.exit().status == 2)
        #expect(attache.errors.contains(name.hasSuffix("INTAKE") ? "HOST:PORT" : name), "\(attache.errors)")
        #expect(attache.errors.contains(complaint), "\(attache.errors)")
    }
}
