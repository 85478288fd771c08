import BotHost
import Logging
import Testing

@testable import attache

@Suite("Chat scripts on the stage")
struct ScriptRunTests {
    /// Plays a script against a bot that is written in the test.
    private static func play(_ bot: String, _ script: String) async throws {
        let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
        let modules = ModuleHost(logger: logger)
        let reading = try await BotLoader(modules: modules).load(text: bot, path: "test.yaml")
        let loaded = try #require(reading.bot, "\(reading.diagnostics)")
        let script = try ChatScript(text: script, path: "test.chat")
        try await Stage.set(for: [loaded], modules: modules, logger: logger) { stage in
            let run = ScriptRun(script, on: stage)
            try await run.run()
        }
    }

    private static let bot = """
        bot: test
        behaviours:
          - when: joined
            do: [ say: "hello {{customer.name}}" ]
          - when: message
            says: slow
            do: [ wait: 20m, say: "at last" ]
          - when: message
            says: bye
            do: [ leave ]
          - when: message
            do: [ say: "you said {{message.text}}" ]
        """

    @Test("Time passes only where it is told to")
    func time() async throws {
        try await Self.play(
            Self.bot,
            """
            \\start test --as Ada
            \\expect "hello Ada"
            slow
            \\expect nothing for 19m
            \\expect "at last" within 2m
            """
        )
    }

    @Test("Several customers, and an agent who ends a custom bot's part")
    func people() async throws {
        try await Self.play(
            Self.bot,
            """
            \\start test --as Ada
            \\start test --as Bob
            one
            \\expect "you said one"
            \\use Ada
            \\expect "hello Ada"
            \\expect nothing for 1s
            \\use Grace --role agent
            \\use Ada
            \\expect joined
            \\expect left
            """
        )
    }

    @Test("A lost answer and a dropped socket cost no message and double none")
    func faults() async throws {
        try await Self.play(
            Self.bot,
            """
            \\start test --as Ada
            \\expect "hello Ada"
            \\faults {"fault": "lose-response", "operation": "SendMessage"}
            one
            \\expect next "you said one"
            \\faults {"fault": "drop-sockets"}
            two
            \\expect next "you said two" within 1m
            \\expect nothing for 1m
            """
        )
    }

    @Test(
        "A failure tells the line, what was expected and what came instead",
        arguments: [
            (#"\expect "goodbye""#, ["test.chat:2: expected \"goodbye\"", "what came instead:", "test: hello Ada"]),
            (#"\expect next left"#, ["test.chat:2: expected next somebody to leave"]),
            (#"\expect nothing for 1s"#, ["test.chat:2: expected nothing for 1.0 seconds", "test: hello Ada"]),
            ("slow\n\\expect \"at last\" within 1m", ["test.chat:3: expected", "the bot: 'wait' at test.yaml:"]),
            (#"\use Eve"#, ["test.chat:2: there is nobody called 'Eve' here: Ada"]),
            (#"\attach /no/such.txt"#, ["test.chat:2: there is no file '/no/such.txt'"]),
            (#"\start test --as Ada"#, ["test.chat:2: there is a 'Ada' already"]),
            (#"\faults {"fault": "no-such"}"#, ["test.chat:2: fault must be one of:"]),
        ]
    )
    func failures(_ line: String, _ parts: [String]) async {
        await #expect {
            try await Self.play(Self.bot, "\\start test --as Ada\n\(line)")
        } throws: { error in
            parts.allSatisfy { "\(error)".contains($0) }
        }
    }

    @Test("The same script gives the same conversation every time", arguments: 1...20)
    func repeatability(_ round: Int) async throws {
        try await Self.play(
            Self.bot,
            "\\start test --as Ada\n\\expect \"hello\"\none\ntwo\nthree\n\\expect \"one\"\n\\expect \"two\"\n\\expect \"three\""
        )
    }
}
