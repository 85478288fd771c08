import ConnectWire
import Foundation
import GRDB
import Participant
import TestSupport
import Testing

@testable import BotHost

/// A folder that is gone when the test is.
final class TemporaryFolder: Sendable {
    let path = NSTemporaryDirectory() + "attache-test-" + UUID().uuidString

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }
}

extension SessionRecord {
    static func example(id: String = "s", token: String = "participant-canary") throws -> SessionRecord {
        SessionRecord(
            id: SessionID(rawValue: id),
            bot: "echo",
            definition: "d",
            endpoint: try Endpoint(parsing: "http://127.0.0.1:1"),
            role: .customBot,
            participantID: nil,
            contactID: nil,
            attributes: ["a": "ü"],
            participantToken: ParticipantToken(token),
            credentials: nil,
            hasConnected: false,
            dialogue: DialogueState(),
            createdAt: Date(milliseconds: 1_700_000_000_000)
        )
    }
}

@Suite("The store")
struct StoreTests {
    private let folder: TemporaryFolder
    private let store: Store
    private let definition = DefinitionRecord(sha256: "d", path: "echo.yaml", source: "bot: echo")

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(folder: folder.path)
    }

    @Test("A session comes back as it was stored")
    func sessions() async throws {
        #expect(try await store.insert(.example(), definition: definition))
        let credentials = ConnectionCredentials(connectionToken: ConnectionToken("c"), expiry: Timestamp(millisecondsSince1970: 5))
        try await store.saveCredentials(credentials, of: SessionID(rawValue: "s"))
        let session = try #require(await store.liveSessions().first)
        #expect(session.participantToken.exposed == "participant-canary")
        #expect(session.credentials == credentials)
        #expect(session.attributes == ["a": "ü"])
        #expect(session.createdAt == Date(milliseconds: 1_700_000_000_000))
        #expect(try await store.definition("d") == definition)
    }

    @Test("A chat that is announced twice is one session")
    func repeatedInsert() async throws {
        #expect(try await store.insert(.example(), definition: definition))
        #expect(try await store.insert(.example(token: "another"), definition: definition) == false)
        #expect(try await store.liveSessions().map(\.participantToken.exposed) == ["participant-canary"])
    }

    @Test("A session that has ended is not resumed, and its tokens are gone")
    func ended() async throws {
        _ = try await store.insert(.example(), definition: definition)
        try await store.end(SessionID(rawValue: "s"), ending: "the chat ended", at: Date())
        #expect(try await store.liveSessions().isEmpty)
        let token = try await store.read { try Data.fetchOne($0, sql: "SELECT participant_token FROM session") }
        #expect(token == Data())
    }

    @Test("No token stands in the database, its WAL or the spool's names")
    func canary() async throws {
        _ = try await store.insert(.example(token: "canary-of-a-participant"), definition: definition)
        let credentials = ConnectionCredentials(connectionToken: ConnectionToken("canary-of-a-connection"), expiry: nil)
        try await store.saveCredentials(credentials, of: SessionID(rawValue: "s"))
        for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
            let content = FileManager.default.contents(atPath: folder.path + "/" + name) ?? Data()
            #expect(content.firstRange(of: Data("canary-of-a".utf8)) == nil, "\(name)")
        }
    }

    @Test("A turn is stored whole: what was seen, what is done, what is to do")
    func turns() async throws {
        _ = try await store.insert(.example(), definition: definition)
        let id = SessionID(rawValue: "s")
        let sha256 = try await store.spool(Array("r".utf8)).sha256
        let file = UploadFile(name: "r.txt", contentType: "text/plain", size: 1, sha256: sha256)
        var turn = TurnRecord(session: id, dialogue: DialogueState())
        turn.seen = [.init(id: "i1", time: Timestamp(millisecondsSince1970: 1))]
        turn.contactID = "contact"
        turn.hasConnected = true
        turn.files = [file]
        let place = Place(file: "echo.yaml", line: 3)
        turn.effects = [
            OutboxEffect(id: 1, kind: .message(type: .plainText, text: "hi"), place: place, decidedAt: Date(milliseconds: 7)),
            OutboxEffect(id: 2, kind: .attach(upload: "u"), place: place, decidedAt: Date(milliseconds: 8)),
        ]
        turn.uploads = [.init(effect: 2, upload: Upload(id: "u", file: file))]
        try await store.commit(turn, at: Date())

        let open = try await store.openEffects(of: id)
        #expect(open.map(\.id) == [1, 2])
        #expect(open.map(\.clientToken) == turn.effects.map(\.clientToken))
        #expect(try await store.upload("u") == turn.uploads[0].upload)
        #expect(try await store.owns(id, file: sha256))
        #expect(try await store.owns(SessionID(rawValue: "other"), file: sha256) == false)

        var next = TurnRecord(session: id, dialogue: DialogueState())
        next.finished = [.init(id: 1, item: "own-1")]
        next.participantID = "me"
        try await store.commit(next, at: Date())
        #expect(try await store.openEffects(of: id).map(\.id) == [2])
        #expect(try await store.ownItems(of: id).items == ["own-1"])
        #expect(try await store.ownItems(of: id).participant == "me")
        let seen = try await store.seenItems(of: id)
        for item in ["i1", "own-1"] {
            #expect(seen.contains(Item(id: ItemID(item), absoluteTime: Timestamp(millisecondsSince1970: 9), type: .message)))
        }
        let session = try #require(await store.liveSessions().first)
        #expect(session.hasConnected && session.participantID == "me" && session.contactID == "contact")
    }

    @Test("One host has the store; the next one is told so")
    func lock() throws {
        #expect { try Store(folder: folder.path) } throws: { error in
            (error as? StoreError)?.code == .inUse && "\(error)".contains("another attache has it open")
        }
    }

    @Test("A store that a newer program made is refused")
    func newerSchema() throws {
        let folder = try TemporaryFolder()
        do {
            let store = try Store(folder: folder.path)
            try store.database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')") }
        }
        #expect { try Store(folder: folder.path) } throws: { ($0 as? StoreError)?.code == .newerSchema }
    }

    @Test("A wrong key is told apart")
    func wrongKey() async throws {
        let folder = try TemporaryFolder()
        do {
            let store = try Store(folder: folder.path)
            _ = try await store.insert(.example(), definition: definition)
        }
        let key = try #require(try TokenKey.fromEnvironment(["ATTACHE_KEY": String(repeating: "0f", count: 32)]))
        #expect { try Store(folder: folder.path, key: key) } throws: { ($0 as? StoreError)?.code == .wrongKey }
        try FileManager.default.removeItem(atPath: folder.path + "/key")
        #expect { try Store(folder: folder.path) } throws: { "\($0)".contains("its key file") && "\($0)".contains("is gone") }
        #expect(!FileManager.default.fileExists(atPath: folder.path + "/key"))
    }

    @Test(
        "A damaged row is no wrong key: it is left out, and the others are read",
        arguments: [
            "participant_token = x'00112233'", "connection_token = x''", "endpoint = 'nowhere'", "attributes = '[1]'", "dialogue = '{'",
            "dialogue = '{\"facts\":{\"attributes\":{}},\"nextEffect\":1,\"variables\":\"' || replace(hex(zeroblob(100)), '00', '[[') || '\"}'",
        ]
    )
    func damagedRow(damage: String) async throws {
        _ = try await store.insert(.example(id: "a"), definition: definition)
        _ = try await store.insert(.example(id: "b"), definition: definition)
        try await store.write { try $0.execute(sql: "UPDATE session SET \(damage) WHERE id = 'a'") }
        let damaged = Recorder<StoreError>()
        #expect(try await store.liveSessions { damaged.append($0) }.map(\.id.rawValue) == ["b"])
        #expect(damaged.values.map(\.code) == [.damagedSession])
        #expect(damaged.values.first?.problem.contains("of the session a cannot be read (") == true)
        #expect(try await store.check() == damaged.values.map(\.problem))
    }

    @Test("What is left to do of a session, if damaged, is told as that session's")
    func damagedEffect() async throws {
        _ = try await store.insert(.example(id: "a"), definition: definition)
        var turn = TurnRecord(session: SessionID(rawValue: "a"), dialogue: DialogueState())
        let place = Place(file: "echo.yaml", line: 3)
        turn.effects = [OutboxEffect(id: 1, kind: .message(type: .plainText, text: "hi"), place: place, decidedAt: Date())]
        try await store.commit(turn, at: Date())
        try await store.write { try $0.execute(sql: "UPDATE effect SET body = '{}'") }
        await #expect {
            _ = try await store.openEffects(of: SessionID(rawValue: "a"))
        } throws: {
            ($0 as? StoreError)?.code == .damagedSession && "\($0)".contains("'kind' is missing")
        }
        #expect(try await store.check().count == 1)
        #expect(try await StoreReader(store).openEffects(of: SessionID(rawValue: "a")) == ["something that cannot be read"])
    }

    @Test(
        "The key is changed with all tokens in one step; a death in the middle leaves one of the two states",
        arguments: ["no", "before", "after"]
    )
    func changedKey(death: String) async throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/key"
        let arrival = (endpoint: try SessionRecord.example().endpoint, token: ParticipantToken("announced twice"))
        let id: SessionID
        do {
            let store = try Store(folder: folder.path)
            _ = try await store.insert(.example(), definition: definition)
            let credentials = ConnectionCredentials(connectionToken: ConnectionToken("c"), expiry: nil)
            try await store.saveCredentials(credentials, of: SessionID(rawValue: "s"))
            id = store.sessionID(endpoint: arrival.endpoint, participantID: nil, token: arrival.token)
            let (old, file) = (try Data(contentsOf: URL(fileURLWithPath: path)), KeyFile(path: path))
            switch death {
            // Its new key was written, and nothing more.
            case "before": try file.writePending(.random())
            // All was done but the last: the old key is back, the new one beside it.
            case "after":
                #expect(try await store.changeKey(to: nil) == 1)
                try FileManager.default.moveItem(atPath: path, toPath: path + ".new")
                try old.write(to: URL(fileURLWithPath: path))
                try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            default: #expect(try await store.changeKey(to: nil) == 1)
            }
            #expect(try (Data(contentsOf: URL(fileURLWithPath: path)) == old) == (death != "no"))
        }
        let store = try Store(folder: folder.path)
        let session = try #require(await store.liveSessions().first)
        #expect(session.participantToken.exposed == "participant-canary")
        #expect(session.credentials?.connectionToken.exposed == "c")
        #expect(!FileManager.default.fileExists(atPath: path + ".new"))
        // A chat that is announced again is still known.
        #expect(store.sessionID(endpoint: arrival.endpoint, participantID: nil, token: arrival.token) == id)
    }

    @Test("A token that was moved to another row does not open")
    func movedToken() throws {
        let sealed = try store.cipher.seal(ParticipantToken("t"), for: "one")
        let opened: ParticipantToken = try store.cipher.open(sealed, for: "one")
        #expect(opened.exposed == "t")
        #expect(throws: (any Error).self) { try store.cipher.open(sealed, for: "two") as ParticipantToken }
        #expect(throws: (any Error).self) { try store.cipher.open(sealed, for: "one") as ConnectionToken }
    }

    @Test("A database that another program holds locked is told apart, and used again when it lets go")
    func locked() async throws {
        try await store.exclusively { try $0.execute(sql: "PRAGMA busy_timeout = 1") }
        var configuration = Configuration()
        configuration.allowsUnsafeTransactions = true
        let other = try DatabaseQueue(path: folder.path + "/attache.db", configuration: configuration)
        try await other.writeWithoutTransaction { try $0.execute(sql: "BEGIN IMMEDIATE") }
        let error = await #expect(throws: StoreError.self) { try await store.insert(.example(), definition: definition) }
        #expect(error?.code == .locked)
        #expect(await store.trouble()?.code == .locked)
        try await other.writeWithoutTransaction { try $0.execute(sql: "ROLLBACK") }
        #expect(await store.trouble() == nil)
        #expect(try await store.insert(.example(), definition: definition))
    }

    @Test("A damaged database is refused in words")
    func damaged() throws {
        let folder = try TemporaryFolder()
        try Data(repeating: 7, count: 8192).write(to: URL(fileURLWithPath: folder.path + "/attache.db"))
        #expect { try Store(folder: folder.path) } throws: { "\($0)".contains(folder.path) && $0 is StoreError }
    }
}

@Suite("The token key")
struct TokenKeyTests {
    @Test("The key file is made for its owner alone, and read again")
    func file() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/key"
        #expect(try KeyFile(path: path).key(makesOne: false) == nil)
        let made = try #require(try KeyFile(path: path).key(makesOne: true))
        let mode = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
        #expect(try KeyFile(path: path).key(makesOne: false)?.symmetricKey == made.symmetricKey)
    }

    @Test("A key file that others may read is refused, with the remedy")
    func permissions() throws {
        let folder = try TemporaryFolder()
        let path = folder.path + "/key"
        _ = try KeyFile(path: path).key(makesOne: true)
        try FileManager.default.setAttributes([.posixPermissions: 0o644], ofItemAtPath: path)
        #expect { try KeyFile(path: path).key(makesOne: true) } throws: { "\($0)".contains("chmod 600") }
    }

    @Test("A key that is none is refused", arguments: ["", "abc", String(repeating: "g", count: 64), String(repeating: "a", count: 66)])
    func malformed(_ text: String) {
        #expect(throws: TokenKeyError.self) { try TokenKey.fromEnvironment(["ATTACHE_KEY": text]) }
    }

    @Test("The key does not print")
    func redaction() throws {
        let digits = String(repeating: "ab", count: 32)
        let key = try #require(try TokenKey.fromEnvironment(["ATTACHE_KEY": digits]))
        var dumped = ""
        dump(key, to: &dumped)
        #expect(!"\(key) \(String(reflecting: key)) \(dumped)".contains("abab"))
    }
}

@Suite("The spool")
struct SpoolTests {
    private let folder: TemporaryFolder
    private let store: Store

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(folder: folder.path)
    }

    @Test("A file is found by its SHA-256, and stored once")
    func contentAddressed() async throws {
        let (size, sha256) = try await store.spool(Array("abc".utf8))
        #expect(size == 3)
        #expect(sha256 == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
        #expect(FileManager.default.contents(atPath: store.spool.path(of: sha256)) == Data("abc".utf8))
        _ = try await store.spool(Array("abc".utf8))
        #expect(try FileManager.default.contentsOfDirectory(atPath: store.spool.folder) == [sha256])
    }

    @Test("A file on disk is copied as it is", arguments: [0, 1, 262_144, 700_001])
    func fromFile(_ size: Int) async throws {
        let bytes = Data((0..<size).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        let path = folder.path + "/source"
        try bytes.write(to: URL(fileURLWithPath: path))
        let spooled = try await store.spool(fileAt: path)
        #expect(spooled.size == Int64(size))
        #expect(FileManager.default.contents(atPath: store.spool.path(of: spooled.sha256)) == bytes)
    }

    @Test("What a death left half-way is gone at the next start")
    func leftovers() throws {
        let folder = try TemporaryFolder()
        _ = try Store(folder: folder.path)
        try Data("half".utf8).write(to: URL(fileURLWithPath: folder.path + "/spool/.incoming-x"))
        _ = try Store(folder: folder.path)
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/spool").isEmpty)
    }

    @Test("A turn that sends a file which is gone from the spool is not stored")
    func missingFile() async throws {
        _ = try await store.insert(.example(), definition: DefinitionRecord(sha256: "d", path: "", source: ""))
        let sha256 = try await store.spool(Array("gone".utf8)).sha256
        store.spool.remove(sha256)
        var turn = TurnRecord(session: SessionID(rawValue: "s"), dialogue: DialogueState())
        turn.files = [UploadFile(name: "k", contentType: "text/plain", size: 4, sha256: sha256)]
        turn.contactID = "contact"
        let commit = turn
        let error = await #expect(throws: StoreError.self) { try await store.commit(commit, at: Date()) }
        #expect(error?.code == .missing)
        #expect(try await store.ids(of: turn.session).contact == nil)
    }

    @Test("What no session needs is collected, at once or after a while")
    func collection() async throws {
        let kept = try await store.spool(Array("kept".utf8)).sha256
        _ = try await store.spool(Array("gone".utf8))
        _ = try await store.insert(.example(), definition: DefinitionRecord(sha256: "d", path: "", source: ""))
        var turn = TurnRecord(session: SessionID(rawValue: "s"), dialogue: DialogueState())
        turn.files = [UploadFile(name: "k", contentType: "text/plain", size: 4, sha256: kept)]
        try await store.commit(turn, at: Date())
        let now = Date()
        try await store.collectSpool(at: now)
        #expect(try store.spool.files() == [kept])
        try await store.end(turn.session, ending: "the chat ended", at: now)
        try await store.collectSpool(keeping: .seconds(60), at: now.addingTimeInterval(59))
        #expect(try store.spool.files() == [kept])
        try await store.collectSpool(keeping: .seconds(60), at: now.addingTimeInterval(61))
        #expect(try store.spool.files().isEmpty)
    }
}
