import ConnectWire
import Foundation
import Participant
import TestSupport
import Testing

@testable import BotHost

/// What the transcript tells of an effect whose answer was lost.
@Suite("An earlier try")
struct EarlierTryTests {
    private static let session = SessionID(rawValue: "s")
    private let folder: TemporaryFolder
    private let store: Store
    private let service = ScriptedService(time: SkippingTime())

    init() throws {
        folder = try TemporaryFolder()
        store = try Store(folder: folder.path)
    }

    /// One entry of a transcript: `me: hi`, `other bot: hi`, `me + joined`; ids are the places, from 1.
    private static func item(_ text: String, at place: Int) -> Item {
        let parts = text.split(separator: ":", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
        let isEvent = parts.count == 1
        let speaker = isEvent ? String(text.prefix { $0 != "+" }).trimmingCharacters(in: .whitespaces) : parts[0]
        let event: ContentType = text.hasSuffix("left") ? .participantLeft : .participantJoined
        return Item(
            id: ItemID("\(place)"),
            absoluteTime: Timestamp(millisecondsSince1970: Int64(place)),
            type: isEvent ? .event : .message,
            contentType: isEvent ? event : .plainText,
            content: isEvent ? nil : parts[1],
            participantID: ParticipantID(speaker),
            participantRole: speaker == "customer" ? .customer : speaker == "agent" ? .agent : .customBot
        )
    }

    /// - Parameter known: Items that effects are known to have become.
    /// - Parameter told: Items that the dialogue has been told of.
    private func earlierTry(_ transcript: [String], ownID: ParticipantID?, known: [ItemID], told: [ItemID]) async throws -> EarlierTry {
        _ = try await store.insert(.example(), definition: DefinitionRecord(sha256: "d", path: "echo.yaml", source: "bot: echo"))
        let place = Place(file: "echo.yaml", line: 1)
        var turn = TurnRecord(session: Self.session, dialogue: DialogueState())
        turn.participantID = ownID
        turn.seen = told.map { .init(id: $0, time: Timestamp(millisecondsSince1970: 0)) }
        for number in known.indices {
            let kind = OutboxEffect.Kind.message(type: .plainText, text: "hi")
            turn.effects.append(OutboxEffect(id: EffectID(rawValue: number), kind: kind, place: place, decidedAt: Date()))
        }
        try await store.commit(turn, at: Date())
        var outcome = TurnRecord(session: Self.session, dialogue: DialogueState())
        outcome.finished = known.enumerated().map { .init(id: EffectID(rawValue: $0), item: $1) }
        try await store.commit(outcome, at: Date())

        service.transcript = transcript.enumerated().map { Self.item($1, at: $0 + 1) }
        let api = ParticipantAPI(
            endpoint: try Endpoint(parsing: "https://participant.example"),
            http: service,
            time: SkippingTime(),
            pacer: .off,
            logger: .silent
        )
        let connection = ParticipantConnection(api: api, participantToken: ParticipantToken("p"), receive: .poll)
        return EarlierTry(session: Self.session, store: store, connection: connection, role: .customBot)
    }

    struct Case: Sendable, CustomTestStringConvertible {
        var name: String
        var transcript: [String]
        var ownID: ParticipantID?
        var known: [ItemID] = []
        var told: [ItemID] = []
        /// What the effect that says "hi" is found to have become.
        var found: ItemID?

        var testDescription: String { name }
    }

    @Test(
        "An own message of equal content that no effect has claimed is the effect, the oldest first",
        arguments: [
            Case(name: "nothing was said", transcript: [], ownID: "me", found: nil),
            Case(name: "it was said", transcript: ["customer: hello", "me: hi"], ownID: "me", found: "2"),
            Case(name: "something else was said", transcript: ["me: hello"], ownID: "me", found: nil),
            Case(name: "others said it", transcript: ["customer: hi", "agent: hi", "other bot: hi"], ownID: "me", found: nil),
            Case(name: "said once, and known", transcript: ["me: hi"], ownID: "me", known: ["1"], found: nil),
            Case(name: "said twice, one known", transcript: ["me: hi", "customer: x", "me: hi"], ownID: "me", known: ["1"], found: "3"),
            Case(name: "said twice, none known", transcript: ["me: hi", "me: hi"], ownID: "me", found: "1"),
            Case(name: "before the last that is known", transcript: ["me: hi", "me: bye"], ownID: "me", known: ["2"], found: nil),
            Case(
                name: "the own id is learned from a known item",
                transcript: ["me: hello", "other bot: hi", "me: hi"],
                known: ["1"],
                found: "3"
            ),
            Case(name: "no own id, one speaker", transcript: ["customer: hi", "me + joined", "me: hi"], found: "3"),
            Case(name: "no own id, two speakers", transcript: ["other bot: hi", "me: hello"], found: nil),
            Case(name: "no own id, the other was told of", transcript: ["other bot: hi", "me: hi"], told: ["1"], found: "2"),
            Case(name: "no own id, only the other spoke", transcript: ["other bot: hi"], told: ["1"], found: nil),
        ]
    )
    func message(_ example: Case) async throws {
        let earlier = try await earlierTry(example.transcript, ownID: example.ownID, known: example.known, told: example.told)
        let request = SendMessageRequest(contentType: .plainText, content: "hi", clientToken: .random())
        #expect(try await earlier.message(like: request) == example.found)
    }

    @Test("The same text in another form is another message")
    func contentType() async throws {
        let earlier = try await earlierTry(["me: hi"], ownID: "me", known: [], told: [])
        let request = SendMessageRequest(contentType: .markdown, content: "hi", clientToken: .random())
        #expect(try await earlier.message(like: request) == nil)
    }

    @Test(
        "Who has left and not come back has left",
        arguments: [
            (["me + joined", "me: hi"], false), (["me + joined", "me + left"], true), (["me + left", "me + joined"], false),
            (["customer + left"], false), (["me: hi", "other bot + left"], false),
        ]
    )
    func left(transcript: [String], hasLeft: Bool) async throws {
        let earlier = try await earlierTry(transcript, ownID: "me", known: [], told: [])
        #expect(try await earlier.hasLeft() == hasLeft)
    }
}
