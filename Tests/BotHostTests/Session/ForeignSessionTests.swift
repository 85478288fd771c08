import Foundation
import Logging
import Participant
import Synchronization
import Testing
import Transport

@testable import BotHost

@Suite("Sessions at another endpoint")
struct ForeignSessionTests {
    /// Tells what is logged.
    private struct Listener: LogHandler {
        let heard: AsyncStream<String>.Continuation
        var metadata: Logger.Metadata = [:]
        var logLevel = Logger.Level.info

        subscript(metadataKey key: String) -> Logger.Metadata.Value? {
            get { metadata[key] }
            set { metadata[key] = newValue }
        }

        func log(event: LogEvent) {
            heard.yield("\(event.message)")
        }
    }

    @Test("They stay parked, and nobody else is shown their tokens", .timeLimit(.minutes(1)))
    func parked() async throws {
        let folder = try TemporaryFolder()
        let store = try Store(folder: folder.path)
        _ = try await store.insert(.example(), definition: DefinitionRecord(sha256: "d", path: "echo.yaml", source: "bot: echo"))
        let (log, heard) = AsyncStream.makeStream(of: String.self)
        let logger = Logger(label: "test") { _ in Listener(heard: heard) }
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
        await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await server.run() }
            for await message in log where message == "sessions at other endpoints stay parked" { break }
            group.cancelAll()
        }
        #expect(try await store.liveSessions().map(\.id.rawValue) == ["s"])
    }
}
