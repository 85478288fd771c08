import ConnectWire
import Foundation
import GRDB
import Logging
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

    private func withDoor(
        time: any TimeSource = SkippingTime(),
        logger: Logger = .silent,
        _ body: @escaping @Sendable (Door) async throws -> Void
    ) async throws {
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
            time: time,
            logger: logger
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

    @Test("Attributes are kept but for those that are null, fields that nobody knows are passed over, and ids may be missing")
    func looseFields() async throws {
        try await withDoor { door async throws in
            let answer = try await door.post(
                #"{"bot": "echo", "participantToken": "t", "attributes": {"größe": "XL\ud83d", "none": null}, "later": [1, {"a": null}]}"#
            )
            #expect(answer.status == 202)
            #expect(answer.fields["session"]?.contains("token-") == true)
            #expect(try await door.store.liveSessions().map(\.attributes) == [["größe": "XL\u{FFFD}"]])
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

    @Test("A wrong secret is answered later each time, up to two seconds; a right one from the same address never waits")
    func growingDelay() async throws {
        let time = SkippingTime()
        let (logger, heard) = LogListener.logger()
        try await withDoor(time: time, logger: logger) { door async throws in
            for _ in 0..<10 { #expect(try await door.post(Self.chat, authorization: "Bearer wrong").status == 401) }
            #expect(time.sleeps == [100, 200, 400, 800, 1600, 2000, 2000, 2000, 2000, 2000].map { .milliseconds($0) })
            #expect(try await door.post(Self.chat).status == 202)
            #expect(time.sleeps.count == 10)
            // One line for the first and one for the tenth.
            for _ in 0..<2 {
                var line = try await heard.next()
                while line.level != .warning { line = try await heard.next() }
                #expect(line.message == "the intake was called with a wrong secret")
            }
        }
    }

    @Test("When many wrong secrets wait for their answer, the next is turned away at once, and the right one still is not")
    func manyWrongSecrets() async throws {
        let time = VirtualTime()
        try await withDoor(time: time) { door async throws in
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<WrongSecretLedger.waitingLimitOfAddress {
                    group.addTask { try await door.post(Self.chat, authorization: "Bearer wrong").status }
                }
                await time.sleepers(WrongSecretLedger.waitingLimitOfAddress)
                // With connections of its own: the other client's are all taken.
                let other = Door(url: door.url, host: door.host, store: door.store)
                #expect(try await other.post(Self.chat, authorization: "Bearer wrong").status == 429)
                #expect(try await other.post(Self.chat).status == 202)
                time.advance(by: WrongSecretLedger.longestDelay)
                for try await status in group { #expect(status == 401) }
            }
        }
    }

    @Test(
        "Broken chunks are a 400",
        arguments: ["zz\r\n", "5\r\nhello world\r\n0\r\n\r\n", "-1\r\n", "fffffffffffffffff\r\n", "\r\n"]
    )
    func brokenChunks(_ chunks: String) async throws {
        try await withDoor { door async throws in
            let port = try #require(Int(door.url.split(separator: ":").last ?? ""))
            let head = try await RawPeer.connect(to: port) { peer in
                try await peer.write(
                    "POST /v1/chats HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer \(Self.secret)\r\nTransfer-Encoding: chunked\r\n\r\n\(chunks)"
                )
                return try await peer.readHead()
            }
            #expect(head?.first == "HTTP/1.1 400 Bad Request")
            #expect(try await door.post(Self.chat).status == 202)
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
            (#"{"bot": "echo", "participantToken": "t",}"#, "it is not JSON, a name in quotes is missing (byte 40)"),
            (#"{"bot": "echo", "participantToken": "t", "participantToken": "u"}"#, "an object has this name twice"),
            (#"{"bot": "echo", "participantToken": "t\r\nX-Amz-Bearer: u"}"#, "'participantToken' has the control character U+D"),
            (#"{"bot": "echo", "participantToken": "t\n"}"#, "'participantToken' has the control character U+A"),
            (#"{"bot": "echo", "participantToken": "t\u0000"}"#, "'participantToken' has the control character U+0"),
            (#"{"bot": "echo", "participantToken": "t\u007f"}"#, "'participantToken' has the control character U+7F"),
            (#"{"bot": "echo", "participantToken": "t u"}"#, "'participantToken' must be printable ASCII"),
            (#"{"bot": "echo", "participantToken": "töken"}"#, "'participantToken' must be printable ASCII"),
            (#"{"bot": "echo", "participantToken": "t", "contactId": "c\r\nd"}"#, "'contactId' has the control character U+D"),
            (#"{"bot": "echo", "participantToken": "t", "participantId": "p\u001b[2J"}"#, "'participantId' has the control character U+1B"),
            (#"{"bot": "echo\n", "participantToken": "t"}"#, "'bot' has the control character U+A"),
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
