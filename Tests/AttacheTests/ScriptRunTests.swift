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

    private static let sender = """
        bot: sender
        behaviours:
          - when: message
            says: send
            do:
              - transcript: { format: txt }
                as: file
              - attach: "{{file}}"
                WITHIN
                otherwise: [ say: "{{error.kind}}: {{error.reason}}", stop ]
              - say: sent
          - when: message
            do: [ say: "you said {{message.text}}" ]
        """

    @Test(
        "An upload that the service does not settle is waited for until `within`, two minutes by default, and then `otherwise` runs",
        arguments: [
            (#"{"operation": "CompleteAttachmentUpload", "status": 409, "count": 1000}"#, "# no within", 119, "not done within 2m"),
            (#"{"operation": "CompleteAttachmentUpload", "status": 409, "count": 1000}"#, "within: 5m", 299, "not done within 5m"),
            (#"{"fault": "slow-scan", "seconds": 3600}"#, "# no within", 119, "not done within 2m"),
            (#"{"fault": "slow-scan", "seconds": 3600}"#, "within: 5m", 299, "not done within 5m"),
        ]
    )
    func unsettledUploads(fault: String, within: String, silence: Int, words: String) async throws {
        try await Self.play(
            Self.sender.replacing("WITHIN", with: within),
            """
            \\start sender --as Ada
            \\expect joined
            \\faults \(fault)
            send
            \\expect nothing for \(silence)s
            \\expect "timeout: \(words)" within 2s
            and now?
            \\expect next "you said and now?"
            """
        )
    }

    @Test("A 409 of CompleteAttachmentUpload that passes costs some time, and the file is there once")
    func passingConflict() async throws {
        try await Self.play(
            Self.sender.replacing("WITHIN", with: "# no within"),
            """
            \\start sender --as Ada
            \\expect joined
            \\faults {"operation": "CompleteAttachmentUpload", "status": 409, "count": 5}
            send
            \\expect next file transcript.txt within 1m
            \\expect next "sent"
            \\expect nothing for 3m
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
            (#"\faults {"fault": "no-such"}"#, ["test.chat:2: there is no fault 'no-such'. The faults are: break-upload, "]),
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
