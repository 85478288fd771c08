import Foundation
import Participant
import Synchronization
import TestSupport
import Testing
import Transport

@testable import BotHost

@Suite("Sessions at another endpoint")
struct ForeignSessionTests {
    @Test("They stay parked, and nobody else is shown their tokens", .timeLimit(.minutes(1)))
    func parked() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(folder: folder.path)
        _ = try await store.insert(.example(), definition: DefinitionRecord(sha256: "d", path: "echo.yaml", source: "bot: echo"))
        let (logger, log) = LogListener.logger()
        let http = InMemoryHTTPClient(time: SystemTime()) { _ in
            Issue.record("the other service was called")
            return nil
        }
        let api = ParticipantAPI(
            endpoint: try Endpoint(parsing: "https://participant.example.com"),
            http: http,
            time: SystemTime(),
            pacer: .off,
            logger: logger
        )
        let text = "bot: echo\nbehaviours:\n  - when: joined\n    do: [ say: hello ]\n"
        let bot = Bot(try #require(BotFile.load(text: text, path: "echo.yaml", actions: [:]).definition))
        let server = BotServer(
            bots: [bot],
            store: store,
            modules: ModuleHost(builtIn: []),
            api: api,
            sockets: InMemoryWebSocketClient(time: SystemTime()) { _ in { _ in } },
            logger: logger
        )
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            while try await log.next().message != "sessions at other endpoints stay parked" {}
            group.cancelAll()
        }
        #expect(try await store.liveSessions().map(\.id.rawValue) == ["s"])
    }
}
