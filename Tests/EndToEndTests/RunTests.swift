import Foundation
import Glibc
import Testing

/// `attache run` as its users run it.
@Suite("attache run", .timeLimit(.minutes(2)))
struct RunTests {
    private let workplace: Workplace
    private let bot: String

    init() throws {
        workplace = try Workplace()
        bot = try workplace.file("asking.yaml", Workplace.asking)
    }

    @Test("With --local, it serves a chat in one process, and SIGTERM ends it well")
    func local() async throws {
        let attache = try ChildProcess(["run", bot, "--local", "--store", workplace.store])
        let customer = try await Customer(endpoint: attache.firstLine(), flow: "asking")
        try await customer.hears("Who are you?")
        try await customer.say("Ada")
        try await customer.hears("Ada, and what do you want?")
        try await customer.say("tea")
        #expect(try await customer.hears("You want tea") == ["Who are you?", "Ada, and what do you want?", "You want tea"])
        attache.signal(SIGTERM)
        #expect(try await attache.exit().status == 0)
        #expect(attache.output.split(separator: "\n").count == 1)
    }

    @Test("A host that is stopped, or killed, goes on where it was", arguments: [SIGTERM, SIGINT, SIGKILL])
    func goesOn(signal: CInt) async throws {
        let secret = try workplace.file("secret", "the-secret-of-this-intake\n")
        let port = try freePort()
        func run() throws -> ChildProcess {
            try ChildProcess([
                "run", bot, "--endpoint", "http://127.0.0.1:\(port)", "--store", workplace.store,
                "--intake", "127.0.0.1:0", "--intake-secret-file", secret,
            ])
        }
        let first = try run()
        let url = try await first.complaint("intake: http://").replacing("intake: ", with: "").replacing("/v1/chats", with: "")
        let local = try ChildProcess([
            "local", "--port", "\(port)", "--flow", "asking", "--intake", url, "--intake-secret-file", secret,
        ])
        let customer = try await Customer(endpoint: local.firstLine(), flow: "asking")
        try await customer.hears("Who are you?")
        try await customer.say("Ada")
        try await customer.hears("Ada, and what do you want?")

        first.signal(signal)
        #expect(try await first.exit().status == (signal == SIGKILL ? 128 + SIGKILL : 0))
        try await customer.say("tea")

        let second = try run()
        let words = ["Who are you?", "Ada, and what do you want?", "You want tea"]
        #expect(try await customer.hears("You want tea") == words)
        try await customer.say("bye")
        _ = try await second.complaint("session ended")
        #expect(try await customer.botWords == words)
    }

    @Test("A host that is stopped in the middle of its turns answers everything once, in order", arguments: [SIGTERM, SIGKILL])
    func stoppedInTurns(signal: CInt) async throws {
        let echo = try workplace.file("echo.yaml", "bot: echo\nbehaviours:\n  - when: message\n    do: [say: \"{{message.text}}!\"]\n")
        let secret = try workplace.file("secret", "the-secret-of-this-intake\n")
        let port = try freePort()
        func run() throws -> ChildProcess {
            try ChildProcess([
                "run", echo, "--endpoint", "http://127.0.0.1:\(port)", "--store", workplace.store, "--quotas", "off",
                "--intake", "127.0.0.1:0", "--intake-secret-file", secret,
            ])
        }
        let first = try run()
        let url = try await first.complaint("intake: http://").replacing("intake: ", with: "").replacing("/v1/chats", with: "")
        let local = try ChildProcess([
            "local", "--port", "\(port)", "--quotas", "off", "--flow", "echo", "--intake", url, "--intake-secret-file", secret,
        ])
        let customer = try await Customer(endpoint: local.firstLine(), flow: "echo")
        for number in 1...20 {
            try await customer.say("\(number)")
            if number == 1 { try await customer.hears("1!") }
            if number == 10 { first.signal(signal) }
        }
        _ = try await first.exit()
        let second = try run()
        #expect(try await customer.hears("20!") == (1...20).map { "\($0)!" })
        second.signal(SIGTERM)
        #expect(try await second.exit().status == 0)
    }

    @Test("A second host on the same store is told so, and ends")
    func oneHost() async throws {
        let first = try ChildProcess(["run", bot, "--local", "--store", workplace.store])
        _ = try await first.firstLine()
        let second = try ChildProcess(["run", bot, "--local", "--store", workplace.store])
        #expect(try await second.exit().status == 1)
        #expect(second.errors.contains("another attache has it open"))
        #expect(second.errors.contains(workplace.store))
    }

    @Test("A port that is taken ends it with a word about that")
    func portTaken() async throws {
        let first = try ChildProcess(["run", bot, "--local", "--store", workplace.store])
        let endpoint = try await first.firstLine()
        let port = try #require(endpoint.split(separator: ":").last)
        let second = try ChildProcess(["run", bot, "--local", "--port", String(port), "--store", workplace.path + "/other"])
        #expect(try await second.exit().status == 1)
        #expect(second.errors.contains("in use"))
    }
}
