import ConnectWire
import Participant
import TestSupport
import Testing

@Suite("Reading the transcript", .timeLimit(.minutes(1)))
struct TranscriptReaderTests {
    private let client: TestClient
    private let reader: TranscriptReader

    init() throws {
        client = try TestClient(time: SkippingTime())
        reader = TranscriptReader(client.connection())
    }

    private func requests() throws -> [GetTranscriptRequest] {
        try client.service.calls(of: .getTranscript).map { try $0.decoded() }
    }

    @Test("Items come in the order of the transcript, however many pages they take", arguments: [0, 1, 99, 100, 101, 250, 1000])
    func pages(count: Int) async throws {
        client.service.transcript = Item.messages(0..<count)
        #expect(try await reader.items(limit: .max) == Item.messages(0..<count))
        let requests = try requests()
        #expect(requests.count == max(1, (count + 99) / 100))
        #expect(requests.allSatisfy { $0.maxResults == 100 && $0.scanDirection == .backward && $0.sortOrder == .descending })
        #expect(requests.first?.nextToken == nil)
        #expect(requests.dropFirst().allSatisfy { $0.nextToken?.isEmpty == false })
    }

    @Test(
        "The newest come first where there is a limit, and no page more than needed is read",
        arguments: [(1, 1), (100, 1), (101, 2), (150, 2)]
    )
    func limit(limit: Int, pages: Int) async throws {
        client.service.transcript = Item.messages(0..<500)
        #expect(try await reader.items(limit: limit) == Item.messages((500 - limit)..<500))
        #expect(try requests().count == pages)
        #expect(try requests().first?.maxResults == min(limit, 100))
    }

    @Test("Nothing is asked for where nothing is wanted")
    func zero() async throws {
        #expect(try await reader.items(limit: 0).isEmpty)
        #expect(client.service.calls.isEmpty)
    }

    @Test("Reading stops at the first item that is known")
    func untilKnown() async throws {
        client.service.transcript = Item.messages(0..<500)
        let items = try await reader.items(limit: .max) { $0.id == "m420" || $0.id == "m10" }
        #expect(items == Item.messages(421..<500))
        #expect(try requests().count == 1)
    }

    @Test("With an overlap it reads past known items, and finds those between them")
    func overlap() async throws {
        client.service.transcript = Item.messages(0..<30)
        let known = Set([28, 27, 25, 24, 20].map { ItemID("m\($0)") })
        #expect(try await reader.items(limit: .max, overlap: 2) { known.contains($0.id) } == Item.messages([26, 29]))
        #expect(try await reader.items(limit: .max, overlap: 100) { known.contains($0.id) }.count == 25)
    }

    @Test("The end is an absent token or an empty one")
    func end() async throws {
        let page = GetTranscriptResponse(transcript: [.message("a")], nextToken: "")
        client.service.answer(.getTranscript, .ok(page), .ok(GetTranscriptResponse(transcript: [.message("a")])), .body("{}"))
        #expect(try await reader.items(limit: 10) == [.message("a")])
        #expect(try await reader.items(limit: 10) == [.message("a")])
        #expect(try await reader.items(limit: 10) == [])
        #expect(try requests().count == 3)
    }

    @Test("A token that became invalid between two pages begins the reading anew")
    func invalidToken() async throws {
        client.service.transcript = Item.messages(0..<150)
        client.service.answer(.getTranscript, .ok(GetTranscriptResponse(transcript: [.message("m149", at: 149)], nextToken: "old")))
        client.service.answer(.getTranscript, .fault(.validation))
        #expect(try await reader.items(limit: .max) == Item.messages(0..<150))
        #expect(try requests().map(\.nextToken) == [nil, "old", nil, "100"])
    }

    @Test("A token that is invalid every time is an error in the end")
    func alwaysInvalidToken() async throws {
        let page = ScriptedService.Answer.ok(GetTranscriptResponse(transcript: [.message("a")], nextToken: "bad"))
        for _ in 0..<10 { client.service.answer(.getTranscript, page, .fault(.validation)) }
        let error = await #expect(throws: ParticipantError.self) { try await reader.items(limit: .max) }
        #expect(error?.isFault(.validation) == true)
        #expect(try requests().count == 6)
    }

    @Test("A first page that is refused is not asked for again")
    func invalidFirstPage() async throws {
        client.service.answer(.getTranscript, .fault(.validation))
        await #expect(throws: ParticipantError.self) { try await reader.items(limit: .max) }
        #expect(try requests().count == 1)
    }

    @Test("A connection that is renewed between two pages does not show")
    func renewalBetweenPages() async throws {
        client.service.transcript = Item.messages(0..<150)
        client.service.answer(.getTranscript, .ok(GetTranscriptResponse(transcript: [.message("m149", at: 149)], nextToken: "old")))
        client.service.answer(.getTranscript, .fault(.accessDenied), .fault(.validation))
        #expect(try await reader.items(limit: .max) == Item.messages(0..<150))
        #expect(client.service.calls(of: .createParticipantConnection).count == 2)
    }

    @Test("An item that two pages have comes once")
    func overlappingPages() async throws {
        client.service.answer(
            .getTranscript,
            .ok(GetTranscriptResponse(transcript: Item.messages([5, 4, 3]), nextToken: "1")),
            .ok(GetTranscriptResponse(transcript: Item.messages([4, 3, 2]), nextToken: "2")),
            .ok(GetTranscriptResponse(transcript: Item.messages([1])))
        )
        #expect(try await reader.items(limit: .max) == Item.messages(1...5))
    }

    @Test("A service that leads in circles is left", arguments: ["same", "new"])
    func circles(token: String) async throws {
        for number in 0..<1000 {
            let next = token == "same" ? "same" : "token \(number)"
            client.service.answer(.getTranscript, .ok(GetTranscriptResponse(transcript: Item.messages([2, 1]), nextToken: next)))
        }
        #expect(try await reader.items(limit: .max) == Item.messages(1...2))
        #expect(try requests().count <= 11)
    }

    @Test("A few empty pages are not the end")
    func emptyPages() async throws {
        for number in 0..<5 {
            client.service.answer(.getTranscript, .ok(GetTranscriptResponse(transcript: [], nextToken: "token \(number)")))
        }
        client.service.answer(.getTranscript, .ok(GetTranscriptResponse(transcript: [.message("a")])))
        #expect(try await reader.items(limit: .max) == [.message("a")])
    }

    @Test("One item that cannot be read costs no other")
    func unreadableItem() async throws {
        client.service.answer(
            .getTranscript,
            .body(#"{"Transcript":[{"Id":"b","AbsoluteTime":"2024-01-01T00:00:01Z","Type":"EVENT"},{"Id":7},null],"NextToken":"n"}"#),
            .body(#"{"Transcript":[{"Id":"a","AbsoluteTime":"2024-01-01T00:00:00Z","Type":"EVENT"}]}"#)
        )
        #expect(try await reader.items(limit: .max).map(\.id) == ["a", "b"])
    }
}
