import ConnectWire
import FoundationEssentials
import Participant
import Testing

@Suite("An upload's states")
struct UploadTests {
    static let file = UploadFile(name: "a.txt", contentType: "text/plain", size: 3, sha256: "00")

    static let paths: [Upload.State: [Upload.Event]] = [
        .planned: [],
        .started: [.started("a")],
        .stored: [.started("a"), .stored],
        .completed: [.started("a"), .stored, .completed],
        .approved: [.started("a"), .stored, .completed, .approved],
        .rejected: [.started("a"), .stored, .completed, .rejected("virus")],
        .failed: [.failed("no")],
    ]

    private func upload(in state: Upload.State) throws -> Upload {
        var upload = Upload(id: "u", file: Self.file)
        for event in try #require(Self.paths[state]) { upload.apply(event) }
        #expect(upload.state == state)
        return upload
    }

    enum EventKind: String, CaseIterable, CustomTestStringConvertible {
        case started, stored, placeLost, completed, approved, rejected, failed

        var event: Upload.Event {
            switch self {
            case .started: .started("b")
            case .stored: .stored
            case .placeLost: .placeLost("expired")
            case .completed: .completed
            case .approved: .approved
            case .rejected: .rejected("virus")
            case .failed: .failed("no")
            }
        }

        var testDescription: String { rawValue }
    }

    /// Where each event leads; what is not listed changes nothing.
    static let moves: [Upload.State: [EventKind: Upload.State]] = [
        .planned: [.started: .started, .failed: .failed],
        .started: [.started: .started, .stored: .stored, .placeLost: .planned, .failed: .failed],
        .stored: [.completed: .completed, .placeLost: .planned, .approved: .approved, .rejected: .rejected, .failed: .failed],
        .completed: [.placeLost: .planned, .approved: .approved, .rejected: .rejected, .failed: .failed],
        .approved: [:], .rejected: [:], .failed: [:],
    ]

    @Test("Every event in every state", arguments: Upload.State.allCases, EventKind.allCases)
    func moves(state: Upload.State, kind: EventKind) throws {
        let before = try upload(in: state)
        var after = before
        after.apply(kind.event)
        if let expected = Self.moves[state]?[kind] {
            #expect(after.state == expected)
        } else {
            #expect(after == before)
        }
    }

    @Test("Only three states are final", arguments: Upload.State.allCases)
    func finality(state: Upload.State) {
        #expect(state.isFinal == [.approved, .rejected, .failed].contains(state))
    }

    @Test("A new generation has new tokens and no attachment", arguments: [Upload.State.started, .stored, .completed])
    func newGeneration(state: Upload.State) throws {
        let before = try upload(in: state)
        var after = before
        after.apply(.placeLost("expired"))
        #expect(after.generation == 2)
        #expect(after.startToken != before.startToken)
        #expect(after.completeToken != before.completeToken)
        #expect(after.startToken != after.completeToken)
        #expect(after.attachmentID == nil)
        #expect(after.reason == "expired")
    }

    @Test("The tokens stay the same within a generation")
    func tokensStay() throws {
        var upload = Upload(id: "u", file: Self.file)
        let (start, complete) = (upload.startToken, upload.completeToken)
        for event in [Upload.Event.started("a"), .started("b"), .stored, .completed, .approved] {
            upload.apply(event)
            #expect(upload.startToken == start)
            #expect(upload.completeToken == complete)
        }
        #expect(upload.attachmentID == "b")
    }

    @Test("After five generations it fails, with the reason of the last")
    func givesUp() {
        var upload = Upload(id: "u", file: Self.file)
        var tokens: Set<ClientToken> = []
        for generation in 1...5 {
            #expect(upload.generation == generation)
            tokens.insert(upload.startToken)
            upload.apply(.started("a"))
            upload.apply(.placeLost("reason \(generation)"))
        }
        #expect(tokens.count == 5)
        #expect(upload.state == .failed)
        #expect(upload.reason == "given up after 5 tries: reason 5")
    }

    @Test("A reason is kept as the service gave it")
    func reasons() throws {
        #expect(try upload(in: .rejected).reason == "virus")
        #expect(try upload(in: .failed).reason == "no")
        #expect(try upload(in: .approved).reason == nil)
    }

    @Test("It survives being stored in any state", arguments: Upload.State.allCases)
    func codable(state: Upload.State) throws {
        let upload = try upload(in: state)
        let stored = try JSONEncoder().encode(upload)
        #expect(try JSONDecoder().decode(Upload.self, from: stored) == upload)
    }
}
