import Foundation
import Participant
import TestSupport
import Testing
import Transport

@testable import BotHost

@Suite("Sessions whose stored dialogue is damaged")
struct DamagedSessionTests {
    private static let bot = """
        bot: echo
        behaviours:
          - when: message
            do: [ ask: "Which?", say: "You said {{message.text}}" ]
          - when: { idle: 10m }
            do: [ leave ]
        """

    private static func dialogue() throws -> Dialogue {
        Dialogue(definition: try #require(BotFile.load(text: bot, path: "echo.yaml", actions: [:]).definition))
    }

    @Test(
        "A step, an idle time or an effect that there cannot be is noticed before the dialogue goes on",
        arguments: [
            (#""run":{"frames":[]}"#, "its run is at no step"),
            (#""run":{"frames":[{"block":2,"next":0}]}"#, "its run is at a step that the bot does not have"),
            (#""run":{"frames":[{"block":-1,"next":0}]}"#, "its run is at a step that the bot does not have"),
            (#""run":{"frames":[{"block":0,"next":0},{"block":1,"next":2}]}"#, "its run is at a step that the bot does not have"),
            (#""run":{"frames":[{"block":0,"next":-1}]}"#, "its run is at a step that the bot does not have"),
            (#""silence":{"start":0,"next":2,"deadline":0}"#, "its silence waits for an idle time that the bot does not have"),
            (#""silence":{"start":0,"next":-1,"deadline":0}"#, "its silence waits for an idle time that the bot does not have"),
            (#""loopGuard":{"answered":9223372036854775807,"repetitions":0}"#, "its messages were counted wrong"),
            (#""loopGuard":{"answered":0,"repetitions":9223372036854775807}"#, "its messages were counted wrong"),
            (#""nextEffect":9223372036854775807"#, "its next effect would have the number 9223372036854775807"),
            (#""nextEffect":0"#, "its next effect would have the number 0"),
        ]
    )
    func damage(member: String, problem: String) throws {
        let number = member.contains("nextEffect") ? "" : #","nextEffect":1"#
        let state = try DialogueState(json: #"{"facts":{"attributes":{}},\#(member)\#(number)}"#)
        #expect(throws: DamagedState(problem: problem)) { try Self.dialogue().check(state) }
    }

    @Test("They stay parked, and a line in the log says so", .timeLimit(.minutes(1)))
    func parked() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(folder: folder.path)
        let bot = Bot(try Self.dialogue().definition)
        var record = try SessionRecord.example()
        record = SessionRecord(
            id: record.id,
            bot: bot.name,
            definition: bot.sha256,
            endpoint: record.endpoint,
            role: record.role,
            attributes: [:],
            participantToken: record.participantToken,
            hasConnected: false,
            dialogue: try DialogueState(json: #"{"facts":{"attributes":{}},"nextEffect":1,"run":{"frames":[{"block":7,"next":0}]}}"#),
            createdAt: record.createdAt
        )
        _ = try await store.insert(record, definition: bot.record)
        let (logger, log) = LogListener.logger()
        let server = BotServer(
            bots: [bot],
            store: store,
            modules: ModuleHost(builtIn: []),
            api: ParticipantAPI(
                endpoint: record.endpoint,
                http: InMemoryHTTPClient(time: SystemTime()) { _ in nil },
                time: SystemTime(),
                pacer: .off,
                logger: logger
            ),
            sockets: InMemoryWebSocketClient(time: SystemTime()) { _ in { _ in } },
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            while try await log.next().message != "a session stays parked" {}
            group.cancelAll()
        }
        #expect(try await store.liveSessions().map(\.id.rawValue) == ["s"])
    }
}
