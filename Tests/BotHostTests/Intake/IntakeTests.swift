import ConnectWire
import Foundation
import GRDB
import Participant
import ServiceLifecycle
import TestSupport
import Testing
import Transport

@testable import BotHost

@Suite("The intake", .timeLimit(.minutes(1)))
struct IntakeTests {
    private static let secret = "a-secret-of-some-length"

    /// An intake on a port of its own. Its host serves nobody, so no session starts.
    private struct Door: Sendable {
        let url: String
        let host: BotServer
        let store: Store
        private let http = CurlHTTPClient()

        init(url: String, host: BotServer, store: Store) {
            self.url = url
            self.host = host
            self.store = store
        }

        struct Answer {
            var status: Int
            var fields: [String: String]
        }

        func get(_ path: String) async throws -> Int {
            try await http.send(HTTPRequest("GET", url + path)).status
        }

        func post(_ body: [UInt8], authorization: String? = "Bearer \(secret)") async throws -> Answer {
            let headers = (authorization.map { [HTTPHeader("Authorization", $0)] } ?? []) + [HTTPHeader("Content-Type", "application/json")]
            let response = try await http.send(HTTPRequest("POST", url + "/v1/chats", headers: headers, body: .bytes(body)))
            let fields = try JSONDecoder().decode([String: String].self, from: Data(response.body))
            return Answer(status: response.status, fields: fields)
        }

        func post(_ json: String, authorization: String? = "Bearer \(secret)") async throws -> Answer {
            try await post(Array(json.utf8), authorization: authorization)
        }
    }

    private func withDoor(_ body: @escaping @Sendable (Door) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        let store = try Store(folder: folder.path)
        let (definition, _) = BotFile.load(
            text: "bot: echo\nbehaviours: [{ when: joined, do: [say: hi] }]",
            path: "echo.yaml",
            actions: [:]
        )
        let api = ParticipantAPI(
            endpoint: try Endpoint(parsing: "http://127.0.0.1:1"),
            http: CurlHTTPClient(),
            time: SystemTime(),
            pacer: Pacer(quotas: [:]),
            logger: .silent
        )
        let host = BotServer(
            bots: [Bot(try #require(definition))],
            store: store,
            modules: ModuleHost(builtIn: []),
            api: api,
            sockets: NIOWebSocketClient(),
            logger: .silent
        )
        let ports = Inbox<Int>()
        let intake = Intake(
            host: host,
            secret: try #require(IntakeSecret(Self.secret)),
            address: ("127.0.0.1", 0),
            logger: .silent
        ) { ports.put($0) }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await intake.run() }
            defer { group.cancelAll() }
            try await body(Door(url: "http://127.0.0.1:\(ports.next())", host: host, store: store))
        }
    }

    private static let chat = #"{"bot": "echo", "contactId": "c", "participantId": "p", "participantToken": "canary-of-a-token"}"#

    @Test("A chat is accepted once it is stored; a repeat is told the same session")
    func accepts() async throws {
        try await withDoor { door async throws in
            let first = try await door.post(Self.chat)
            #expect(first.status == 202)
            let session = try #require(await door.store.liveSessions().first)
            #expect(first.fields == ["session": session.id.rawValue])
            #expect(session.contactID == "c" && session.participantID == "p")
            #expect(session.participantToken.exposed == "canary-of-a-token")
            let second = try await door.post(Self.chat)
            #expect(second.status == 200)
            #expect(second.fields == first.fields)
            #expect(try await door.store.liveSessions().count == 1)
        }
    }

    @Test("Attributes are kept, fields that nobody knows are passed over, and ids may be missing")
    func looseFields() async throws {
        try await withDoor { door async throws in
            let answer = try await door.post(
                #"{"bot": "echo", "participantToken": "t", "attributes": {"größe": "XL"}, "later": [1, {"a": null}]}"#
            )
            #expect(answer.status == 202)
            #expect(answer.fields["session"]?.contains("token-") == true)
            #expect(try await door.store.liveSessions().map(\.attributes) == [["größe": "XL"]])
        }
    }

    @Test("An unknown bot is answered with the nearest name")
    func unknownBot() async throws {
        try await withDoor { door async throws in
            let answer = try await door.post(#"{"bot": "ehco", "participantToken": "t"}"#)
            #expect(answer.status == 404)
            #expect(answer.fields["error"] == "there is no bot 'ehco' here; did you mean 'echo'?")
            #expect(try await door.store.liveSessions().isEmpty)
        }
    }

    @Test(
        "Who does not know the secret is turned away",
        arguments: [
            nil, "", "Bearer", "Bearer ", "Bearer wrong-secret-of-length", "Bearer \(secret)x", "Basic \(secret)", secret,
            "Bearer  \(secret)",
        ]
    )
    func unauthorized(_ authorization: String?) async throws {
        try await withDoor { door async throws in
            let answer = try await door.post(Self.chat, authorization: authorization)
            #expect(answer.status == 401)
            #expect(answer.fields["error"]?.contains(Self.secret) == false)
            #expect(try await door.store.liveSessions().isEmpty)
        }
    }

    @Test("The scheme's case does not matter")
    func schemeCase() async throws {
        try await withDoor { door async throws in
            #expect(try await door.post(Self.chat, authorization: "bearer \(Self.secret)").status == 202)
        }
    }

    @Test("A body of more than 64 KiB is refused, one of just 64 KiB is read", arguments: [(65_536, 202), (65_537, 413), (5_000_000, 413)])
    func size(_ bytes: Int, _ status: Int) async throws {
        try await withDoor { door async throws in
            let body = Array(Self.chat.utf8)
            #expect(try await door.post(body + Array(repeating: 0x20, count: bytes - body.count)).status == status)
            #expect(try await door.get("/healthz") == 200)
        }
    }

    @Test(
        "A body that is no chat is refused, with what is wrong with it",
        arguments: [
            ("", "JSON"), ("{", "JSON"), (chat + "x", "JSON"), ("[]", "JSON"), ("null", "JSON"), (#""text""#, "JSON"),
            (#"{"bot": "echo"}"#, "'participantToken' is missing"),
            (#"{"participantToken": "t"}"#, "'bot' is missing"),
            (#"{"bot": 7, "participantToken": "t"}"#, "'bot' has the wrong type"),
            (#"{"bot": null, "participantToken": "t"}"#, "'bot' has the wrong type"),
            (#"{"bot": "", "participantToken": "t"}"#, "'bot' must have 1 to 256"),
            (#"{"bot": "echo", "participantToken": ""}"#, "'participantToken' must have 1 to 1000"),
            (#"{"bot": "echo", "participantToken": ["t"]}"#, "wrong type"),
            (#"{"bot": "echo", "participantToken": "t", "contactId": ""}"#, "'contactId' must have"),
            (#"{"bot": "echo", "participantToken": "t", "participantId": "LONG"}"#, "'participantId' must have"),
            (#"{"bot": "echo", "participantToken": "t", "attributes": {"a": 1}}"#, "'attributes.a' has the wrong type"),
            (#"{"bot": "echo", "participantToken": "t", "attributes": []}"#, "'attributes' has the wrong type"),
            (#"{"bot": "echo", "participantToken": "LONGLONGLONGLONG"}"#, "'participantToken' must have"),
        ]
    )
    func malformed(_ json: String, _ problem: String) async throws {
        try await withDoor { door async throws in
            let answer = try await door.post(json.replacing("LONG", with: String(repeating: "x", count: 257)))
            #expect(answer.status == 400)
            #expect(answer.fields["error"]?.contains(problem) == true, "\(answer.fields)")
            #expect(try await door.store.liveSessions().isEmpty)
        }
    }

    @Test("A body that is no UTF-8 is refused")
    func binary() async throws {
        try await withDoor { door async throws in
            #expect(try await door.post([0xFF, 0xFE, 0x00]).status == 400)
        }
    }

    @Test("A host that is stopping refuses chats before it stores them, lives on, and says that it is not ready")
    func draining() async throws {
        try await withDoor { door async throws in
            #expect(try await door.get("/readyz") == 200)
            door.host.drain()
            #expect(try await door.post(Self.chat).status == 503)
            #expect(try await door.store.liveSessions().isEmpty)
            #expect(try await door.get("/readyz") == 503)
            #expect(try await door.get("/healthz") == 200)
        }
    }

    @Test(
        "A store that takes nothing refuses chats with the reason, and takes them again when the cause is gone",
        arguments: [true, false]
    )
    func fullDisk(isReadOnly: Bool) async throws {
        try await withDoor { door async throws in
            let (cause, cure, word) =
                isReadOnly
                ? ("PRAGMA query_only = 1", "PRAGMA query_only = 0", "may not be written to")
                : ("PRAGMA max_page_count = 1", "PRAGMA max_page_count = 1000000", "the disk is full")
            try await door.store.exclusively { try $0.execute(sql: cause) }
            let long = String(repeating: "x", count: 20_000)
            let refused = try await door.post(Self.chat.replacing(#""p""#, with: #""p", "attributes": {"a": "\#(long)"}"#))
            #expect(refused.status == 503)
            #expect(refused.fields["error"]?.contains(word) == true, "\(refused.fields)")
            #expect(try await door.get("/readyz") == 503)
            #expect(try await door.get("/healthz") == 200)
            #expect(try await door.store.liveSessions().isEmpty)

            try await door.store.exclusively { try $0.execute(sql: cure) }
            #expect(try await door.get("/readyz") == 200)
            #expect(try await door.post(Self.chat).status == 202)
        }
    }

    @Test("Other paths are not found")
    func otherPaths() async throws {
        try await withDoor { door async throws in
            #expect(try await door.get("/v1/chats") == 404)
            #expect(try await door.get("/") == 404)
        }
    }

    @Test("A secret that could be guessed is not accepted, and none prints", arguments: ["", "short", "fifteen-letters"])
    func weakSecret(_ text: String) throws {
        #expect(IntakeSecret(text) == nil)
        let secret = try #require(IntakeSecret(Self.secret))
        #expect(!"\(secret) \(String(reflecting: secret))".contains(Self.secret))
    }
}
