import ConnectWire
import Foundation
import GRDB
import Participant
import Testing

@testable import BotHost

/// What an operator does with a store.
@Suite("The keeper of a store")
struct StoreKeeperTests {
    private let folder: TemporaryFolder
    private let store: Store
    private var keeper: StoreKeeper { StoreKeeper(store, now: { Date(milliseconds: 1_700_000_009_000) }) }

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(folder: folder.path)
    }

    /// A session with one file on its way.
    /// - Returns: The file's SHA-256.
    @discardableResult
    private func insert(_ id: String, contact: ContactID, text: String, upload: Upload.Event...) async throws -> String {
        let definition = DefinitionRecord(sha256: "d", path: "echo.yaml", source: "bot: echo")
        _ = try await store.insert(.example(id: id), definition: definition)
        let spooled = try await store.spool(Array(text.utf8))
        let file = UploadFile(name: "\(id).txt", contentType: "text/plain", size: spooled.size, sha256: spooled.sha256)
        var turn = TurnRecord(session: SessionID(rawValue: id), dialogue: DialogueState())
        turn.contactID = contact
        turn.files = [file]
        turn.effects = [
            OutboxEffect(id: 1, kind: .attach(upload: "upload-\(id)"), place: Place(file: "echo.yaml", line: 3), decidedAt: Date())
        ]
        turn.uploads = [.init(effect: 1, upload: Upload(id: "upload-\(id)", file: file))]
        try await store.commit(turn, at: Date(milliseconds: 1_700_000_001_000))
        var row = turn.uploads[0].upload
        for (number, event) in upload.enumerated() {
            row.apply(event)
            try await store.save(row, at: Date(milliseconds: 1_700_000_002_000 + Int64(number) * 1000))
        }
        if row.state.isFinal {
            var outcome = TurnRecord(session: turn.session, dialogue: DialogueState())
            outcome.finished = [.init(id: 1)]
            try await store.commit(outcome, at: Date())
        }
        return spooled.sha256
    }

    /// All bytes of the store's files.
    private var bytes: Data {
        get throws {
            try FileManager.default.subpathsOfDirectory(atPath: folder.path).reduce(into: Data()) { all, name in
                all += Data(name.utf8) + (FileManager.default.contents(atPath: folder.path + "/" + name) ?? Data())
            }
        }
    }

    @Test("An upload's story is told step by step, with times and the service's reasons")
    func story() async throws {
        try await insert(
            "s",
            contact: "c",
            text: "receipt",
            upload: .started("a-1"),
            .placeLost("the upload URL expired"),
            .started("a-2"),
            .stored,
            .completed,
            .rejected("the service's scanner rejected the file")
        )
        let story = try #require(await StoreReader(folder: folder.path).uploads(named: "upload-s").first)
        #expect(
            story.changes.map(\.inWords) == [
                "planned", "started: the service gave it a place", "begun anew: the upload URL expired",
                "started: the service gave it a place",
                "stored: its bytes are there", "completed: the service scans it", "rejected: the service's scanner rejected the file",
            ]
        )
        #expect(story.changes.map(\.time.millisecondsSince1970) == (1...7).map { 1_700_000_000_000 + $0 * 1000 })
        #expect(story.contact == "c" && story.attachment == "a-2")
        #expect(try await StoreReader(folder: folder.path).uploads(named: "s.txt").map(\.id) == ["upload-s"])
    }

    @Test("To forget a contact removes all of it: rows, files, and every trace in the database and its log")
    func forgetContact() async throws {
        let own = try await insert("s1", contact: "canary-contact", text: "canary-text")
        try await insert("s2", contact: "canary-contact", text: "shared")
        let shared = try await insert("s3", contact: "other", text: "shared")
        // Something large, so that there are pages of it to be freed.
        try await store.write {
            try $0.execute(sql: "UPDATE session SET attributes = ? WHERE id = 's1'", arguments: [String(repeating: "canary-", count: 5000)])
        }
        #expect(try bytes.firstRange(of: Data("canary-".utf8)) != nil)

        let answer = await keeper.perform(ControlRequest(.forgetContact, id: "canary-contact"))
        #expect(
            answer
                == .done([
                    "removed the session s1: its dialogue, its outbox and its tokens",
                    "removed the session s2: its dialogue, its outbox and its tokens",
                    "removed 2 uploads and 1 file",
                    "kept 1 file that other sessions have, too",
                ])
        )
        #expect(try bytes.firstRange(of: Data("canary-".utf8)) == nil)
        #expect(try store.spool.files() == [shared])
        #expect(!store.spool.contains(own))
        #expect(try await store.liveSessions().map(\.id.rawValue) == ["s3"])
        #expect(try await store.check().isEmpty)
    }

    @Test("A session is found by its id, the end of it, or its contact")
    func forgetSession() async throws {
        try await insert("http://127.0.0.1:1#one", contact: "c-1", text: "1")
        try await insert("http://127.0.0.1:1#two", contact: "c-2", text: "2")
        for name in ["#one", "c-2"] {
            guard case .done = await keeper.perform(ControlRequest(.forgetSession, id: name)) else {
                Issue.record("'\(name)' was not found")
                return
            }
        }
        #expect(try await store.liveSessions().isEmpty)
        #expect(try store.spool.files().isEmpty)
    }

    @Test("What failed is sent again, from the start, and its effect is open again")
    func retry() async throws {
        try await insert("s", contact: "c", text: "receipt", upload: .started("a"), .stored, .failed("no"))
        let session = SessionID(rawValue: "s")
        #expect(try await store.openEffects(of: session).isEmpty)
        let answer = await keeper.perform(ControlRequest(.retryUpload, id: "s.txt"))
        #expect(answer == .done(["'s.txt' will be sent again, as soon as a host runs"]))
        #expect(try await store.openEffects(of: session).map(\.id) == [1])
        let upload = try #require(await store.upload("upload-s"))
        #expect(upload.state == .planned && upload.attachmentID == nil)
        #expect(try await StoreReader(store).uploads().first?.changes.last?.inWords == "begun anew: an operator asked for it")
    }

    @Test(
        "What cannot be done is refused with the reason",
        arguments: [
            (ControlRequest(.retryUpload, id: "nothing"), "there is no upload 'nothing'"),
            (ControlRequest(.retryUpload, id: "planned.txt"), "is on its way (planned)"),
            (ControlRequest(.retryUpload, id: "approved.txt"), "is in the chat already"),
            (ControlRequest(.retryUpload, id: "ended.txt"), "is over: the chat ended"),
            (ControlRequest(.retryUpload, id: "lost.txt"), "no longer in the spool"),
            (ControlRequest(.retryUpload, id: "upload-"), "can mean 4 uploads"),
            (ControlRequest(.forgetUpload, id: "planned.txt"), "is on its way (planned)"),
            (ControlRequest(.forgetSession, id: "nothing"), "there is no session 'nothing'"),
            (ControlRequest(.forgetContact, id: "nothing"), "the store has nothing of the contact 'nothing'"),
        ]
    )
    func refusals(request: ControlRequest, reason: String) async throws {
        try await insert("planned", contact: "c", text: "1")
        try await insert("approved", contact: "c", text: "2", upload: .started("a"), .stored, .completed, .approved)
        try await insert("ended", contact: "c", text: "3", upload: .failed("no"))
        try await store.end(SessionID(rawValue: "ended"), ending: "the chat ended", at: Date())
        store.spool.remove(try await insert("lost", contact: "c", text: "4", upload: .failed("no")))
        guard case .refused(let text) = await keeper.perform(request) else {
            Issue.record("it was done")
            return
        }
        #expect(text.contains(reason), "\(text)")
        #expect(try await StoreReader(store).uploads().count == 4)
    }

    @Test("A forgotten upload takes its file with it, unless the session needs that elsewhere")
    func forgetUpload() async throws {
        try await insert("s", contact: "c", text: "receipt", upload: .failed("no"))
        #expect(await keeper.perform(ControlRequest(.forgetUpload, id: "s.txt")) == .done(["removed 1 upload and 1 file"]))
        #expect(try store.spool.files().isEmpty)
        #expect(try await StoreReader(store).uploads().isEmpty)
    }

    @Test("A look over the store finds what is missing, damaged, or not to be read")
    func check() async throws {
        #expect(try await store.check().isEmpty)
        let missing = try await insert("missing", contact: "c", text: "1")
        store.spool.remove(missing)
        let damaged = try await insert("damaged", contact: "c", text: "2")
        try Data("3".utf8).write(to: URL(fileURLWithPath: store.spool.path(of: damaged)))
        try await insert("unreadable", contact: "c", text: "4")
        try await store.write { try $0.execute(sql: "UPDATE session SET participant_token = x'00' WHERE id = 'unreadable'") }
        let problems = try await store.check()
        #expect(problems.count == 3)
        #expect(problems.contains { $0.contains("the token of the session unreadable cannot be read") })
        #expect(problems.contains { $0.contains("the file \(missing) is not in the spool") })
        #expect(problems.contains { $0.contains("the file \(damaged) in the spool is not what was put there") })
    }

    @Test("A reader wants a store that is there, and of this version")
    func reader() throws {
        let empty = try TemporaryFolder()
        #expect { try StoreReader(folder: empty.path) } throws: { ($0 as? StoreError)?.code == .missing }
        #expect(try FileManager.default.contentsOfDirectory(atPath: empty.path).isEmpty)
        try store.database.write { try $0.execute(sql: "INSERT INTO grdb_migrations VALUES ('99')") }
        #expect { try StoreReader(folder: folder.path) } throws: { ($0 as? StoreError)?.code == .newerSchema }
    }
}
