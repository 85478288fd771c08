import ActionKit
import ConnectWire
import Foundation
import GRDB
import Participant
import Synchronization
import Testing
import Transport

@testable import BotHost

/// Sessions that are parked in the store and go on with another host.
@Suite("A parked session", .timeLimit(.minutes(1)))
struct SessionResumeTests {
    private static let asking = """
        bot: bot
        behaviours:
          - when: message
            says: bye
            do: [leave]
          - when: message
            says: begin
            do:
              - ask: "Who?"
                as: name
                within: 2m
                otherwise: [say: "Too late", stop]
              - say: "Hello {{name}}"
          - when: message
            do: [say: "To {{message.text}}"]
        """

    /// A chat whose bot has asked, and whose host has been stopped then.
    private static func parkedInAQuestion(
        in service: ChatService,
        knowsItsID: Bool = true,
        isKnownToBeAsked: Bool = false
    ) async throws -> (chat: Chat, arrival: BotHost.ChatArrival, folder: TemporaryFolder) {
        let host = try TestHost(service, asking)
        let chat = try await service.startChat()
        let arrival = try await chat.addBot(knowsItsID: knowsItsID)
        try await host.serve { server, store async throws in
            let session = try await server.accept(arrival).session
            try await chat.say("begin")
            _ = try await chat.botWords(until: "Who?")
            guard isKnownToBeAsked else { return }
            // The question's time begins when it is known to have been asked.
            while try await !store.openEffects(of: session).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
        }
        return (chat, arrival, host.folder)
    }

    @Test("It goes on in the middle of an `ask`, and answers what came meanwhile, once", arguments: [true, false])
    func ask(knowsItsID: Bool) async throws {
        try await ChatService.with { service in
            let (chat, arrival, folder) = try await Self.parkedInAQuestion(in: service, knowsItsID: knowsItsID)
            try await chat.say("Ada")
            try await chat.say("more")
            let second = try TestHost(service, Self.asking, folder: folder)
            try await second.serve { _, _ async throws in
                _ = try await chat.botWords(until: "To more")
                try await chat.say("live")
                #expect(try await chat.botWords(until: "To live") == ["Who?", "Hello Ada", "To more", "To live"])
            }
            let third = try TestHost(service, Self.asking, folder: folder)
            try await third.serve { server, store async throws in
                #expect(try await server.accept(arrival).isNew == false)
                try await chat.say("bye")
                while try await !store.liveSessions().isEmpty { try await Task.sleep(for: .milliseconds(10)) }
            }
            #expect(try await chat.botWords == ["Who?", "Hello Ada", "To more", "To live"])
        }
    }

    @Test("A session that cannot be read stays parked, and the others go on", arguments: ["dialogue = '{'", "definition = 'gone'"])
    func damaged(damage: String) async throws {
        try await ChatService.with { service in
            let (chat, _, folder) = try await Self.parkedInAQuestion(in: service, isKnownToBeAsked: true)
            let second = try TestHost(service, Self.asking, folder: folder)
            let other = try await service.startChat()
            try await second.serve { server, _ async throws in
                _ = try await server.accept(other.addBot())
                try await other.say("begin")
                _ = try await other.botWords(until: "Who?")
            }
            do {
                let store = try second.openStore()
                try await store.write { database in
                    try database.execute(sql: "INSERT INTO definition VALUES ('gone', 'gone.yaml', 'bot: [')")
                    try database.execute(sql: "UPDATE session SET \(damage) WHERE contact = ?", arguments: [chat.id.rawValue])
                }
            }
            let third = try TestHost(service, Self.asking, folder: folder)
            try await third.serve { server, store async throws in
                try await chat.say("Ada")
                try await other.say("Bob")
                _ = try await other.botWords(until: "Hello Bob")
                #expect(try await chat.botWords == ["Who?"])
                #expect(await server.obstacle() == nil)
            }
        }
    }

    @Test("An answer that came while the host was down is taken, though the question's time is over by now")
    func lateHost() async throws {
        try await ChatService.with { service in
            let (chat, _, folder) = try await Self.parkedInAQuestion(in: service, isKnownToBeAsked: true)
            try await chat.say("Ada")
            let second = try TestHost(service, Self.asking, folder: folder, time: JumpingTime(by: 3600))
            try await second.serve { _, _ async throws in
                #expect(try await chat.botWords(atLeast: 2) == ["Who?", "Hello Ada"])
            }
        }
    }

    @Test("A question that nobody answered while the host was down runs out of time")
    func unanswered() async throws {
        try await ChatService.with { service in
            let (chat, _, folder) = try await Self.parkedInAQuestion(in: service, isKnownToBeAsked: true)
            let second = try TestHost(service, Self.asking, folder: folder, time: JumpingTime(by: 3600))
            try await second.serve { _, _ async throws in
                #expect(try await chat.botWords(atLeast: 2) == ["Who?", "Too late"])
            }
        }
    }

    @Test("A session goes on with the definition that it began with")
    func changedDefinition() async throws {
        try await ChatService.with { service in
            let (chat, _, folder) = try await Self.parkedInAQuestion(in: service)
            try await chat.say("Ada")
            let changed = try TestHost(service, Self.asking.replacing("Hello", with: "Greetings"), folder: folder)
            try await changed.serve { _, _ async throws in
                #expect(try await chat.botWords(atLeast: 2) == ["Who?", "Hello Ada"])
            }
        }
    }

    @Test("A contact that ended while the host was down closes its session, and the reason is kept")
    func endedMeanwhile() async throws {
        try await ChatService.with { service in
            let (chat, _, folder) = try await Self.parkedInAQuestion(in: service)
            try await chat.end()
            let second = try TestHost(service, Self.asking, folder: folder)
            try await second.serve { _, store async throws in
                while try await !store.liveSessions().isEmpty { try await Task.sleep(for: .milliseconds(10)) }
                let session = try #require(await StoreReader(store).sessions().first)
                #expect(session.ending == "the chat is over: the service refuses even a new connection")
                #expect(session.endedAt != nil)
            }
        }
    }

    @Test("A clock that is set moves no deadline of a running session", arguments: [-3600.0, 3600])
    func clockIsSet(jump: TimeInterval) async throws {
        try await ChatService.with { service in
            let time = JumpingTime()
            let host = try TestHost(service, Self.asking.replacing("within: 2m", with: jump < 0 ? "within: 1s" : "within: 10m"), time: time)
            let chat = try await service.startChat()
            let arrival = try await chat.addBot()
            try await host.serve { server, _ async throws in
                _ = try await server.accept(arrival)
                try await chat.say("begin")
                _ = try await chat.botWords(until: "Who?")
                time.jump(by: jump)
                if jump > 0 {
                    try await chat.say("Ada")
                    #expect(try await chat.botWords(atLeast: 2) == ["Who?", "Hello Ada"])
                } else {
                    #expect(try await chat.botWords(atLeast: 2) == ["Who?", "Too late"])
                }
            }
        }
    }

    @Test("A session whose bot is not served stays parked")
    func unservedBot() async throws {
        try await ChatService.with { service in
            let (chat, _, folder) = try await Self.parkedInAQuestion(in: service)
            let other = try TestHost(service, "bot: other\nbehaviours: [{ when: joined, do: [say: hi] }]", folder: folder)
            try await other.serve { server, store async throws in
                // A chat that is served proves that the host has taken up whatever it takes up.
                let another = try await service.startChat()
                _ = try await server.accept(another.addBot("other"))
                _ = try await another.botWords(until: "hi")
                #expect(try await store.liveSessions().contains { $0.bot == "bot" })
            }
            #expect(try await chat.botWords == ["Who?"])
        }
    }

    @Test(
        "An upload goes on from each of its states, and the file arrives once",
        arguments: [Upload.State.planned, .started, .stored, .completed]
    )
    func upload(state: Upload.State) async throws {
        try await ChatService.with { service in
            let host = try TestHost(service, Self.asking)
            let chat = try await service.startChat()
            let arrival = try await chat.addBot()
            do {
                let store = try host.openStore()
                try await Self.plan(arrival, at: service, in: store, bot: host.bots[0])
                var upload = try #require(await store.upload("u"))
                let connection = try await service.join(arrival.participantToken)
                try await Self.bring(&upload, to: state, through: connection, content: Array("receipt".utf8))
                try await store.save(upload, at: Date())
            }
            try await host.serve { _, store async throws in
                #expect(try await chat.botWords(atLeast: 1) == ["[r.txt]"])
                let id = try #require(await store.liveSessions().first?.id)
                while try await !store.openEffects(of: id).isEmpty { try await Task.sleep(for: .milliseconds(10)) }
                #expect(try await store.upload("u")?.state == .approved)
                try await chat.say("still there?")
                #expect(try await chat.botWords(atLeast: 2) == ["[r.txt]", "To still there?"])
            }
        }
    }

    /// A session that was connected, and has decided to send a file.
    private static func plan(_ arrival: ChatArrival, at service: ChatService, in store: Store, bot: Bot) async throws {
        let id = store.sessionID(endpoint: service.endpoint, participantID: arrival.participantID, token: arrival.participantToken)
        let record = SessionRecord(
            id: id,
            bot: bot.name,
            definition: bot.sha256,
            endpoint: service.endpoint,
            role: .customBot,
            participantID: arrival.participantID,
            contactID: arrival.contactID,
            attributes: [:],
            participantToken: arrival.participantToken,
            credentials: nil,
            hasConnected: true,
            dialogue: DialogueState(),
            createdAt: Date()
        )
        _ = try await store.insert(record, definition: bot.record)
        let spooled = try await store.spool(Array("receipt".utf8))
        let file = UploadFile(name: "r.txt", contentType: "text/plain", size: spooled.size, sha256: spooled.sha256)
        var dialogue = DialogueState()
        dialogue.hasJoined = true
        dialogue.nextEffect = 2
        var turn = TurnRecord(session: id, dialogue: dialogue)
        turn.hasConnected = true
        turn.effects = [OutboxEffect(id: 1, kind: .attach(upload: "u"), place: Place(file: "bot.yaml", line: 1), decidedAt: Date())]
        turn.uploads = [.init(effect: 1, upload: Upload(id: "u", file: file))]
        try await store.commit(turn, at: Date())
    }

    /// Does by hand what an earlier host had done.
    private static func bring(
        _ upload: inout Upload,
        to state: Upload.State,
        through connection: ParticipantConnection,
        content: [UInt8]
    ) async throws {
        if state == .planned { return }
        let started = try await connection.call(
            StartAttachmentUploadRequest(
                contentType: upload.file.contentType,
                attachmentSizeInBytes: upload.file.size,
                attachmentName: upload.file.name,
                clientToken: upload.startToken
            )
        )
        upload.apply(.started(started.attachmentID))
        if state == .started { return }
        let headers = (started.uploadMetadata.headersToInclude ?? [:]).map { HTTPHeader($0.key, $0.value) }
        let put = HTTPRequest("PUT", started.uploadMetadata.url.exposed, headers: headers, body: .bytes(content))
        #expect(try await connection.api.http.send(put).status == 200)
        upload.apply(.stored)
        if state == .stored { return }
        let complete = CompleteAttachmentUploadRequest(attachmentIDs: [started.attachmentID], clientToken: upload.completeToken)
        _ = try await connection.call(complete)
        upload.apply(.completed)
    }
}

/// Real time, with a wall clock that is set now and then.
private final class JumpingTime: TimeSource {
    private let real = SystemTime()
    private let lead: Mutex<TimeInterval>

    init(by lead: TimeInterval = 0) {
        self.lead = Mutex(lead)
    }

    var now: Date { real.now.addingTimeInterval(lead.withLock { $0 }) }
    var uptime: Duration { real.uptime }

    func jump(by interval: TimeInterval) {
        lead.withLock { $0 += interval }
    }

    func sleep(for duration: Duration) async throws {
        try await real.sleep(for: duration)
    }
}
