import ConnectWire
import FoundationEssentials
import Testing

@Suite("JSON from a wire")
struct WireJSONTests {
    @Test(
        "Half of a surrogate pair is read as U+FFFD, and nothing else is changed",
        arguments: [
            (#"x\ud83dy"#, "x\u{FFFD}y"),
            (#"\uD83D"#, "\u{FFFD}"),
            (#"\ude00"#, "\u{FFFD}"),
            (#"\ude00\ud83d"#, "\u{FFFD}\u{FFFD}"),
            (#"\ud83d\ude00"#, "😀"),
            (#"\ud83d\ud83d\ude00"#, "\u{FFFD}😀"),
            (#"\ud83d\u0041"#, "\u{FFFD}A"),
            (#"\ud83d\n"#, "\u{FFFD}\n"),
            (#"\ud83d\\ude00"#, "\u{FFFD}\\ude00"),
            (#"\\ud83d"#, "\\ud83d"),
            (#"\\\ud83d\""#, "\\\u{FFFD}\""),
            (#"\u00e9\u0000\ufffd\uffff"#, "é\0\u{FFFD}\u{FFFF}"),
            ("", ""),
        ]
    )
    func surrogates(escaped: String, text: String) throws {
        #expect(try WireJSON.decode([String].self, from: #"["\#(escaped)"]"#.utf8) == [text])
        #expect(try WireJSON.decode([String: Int].self, from: #"{"\#(escaped)":1}"#.utf8) == [text: 1])
    }

    @Test("What is no JSON is refused all the same", arguments: ["", "\\", #"["\"#, #"["\u"]"#, #"["\ud8"]"#, #"["\ud83"#, #"["\uzzzz"]"#])
    func refused(text: String) {
        #expect(throws: DecodingError.self) { try WireJSON.decode([String].self, from: text.utf8) }
    }

    @Test("A customer's message with half of an emoji is delivered, whichever of the two layers of a frame has it so")
    func frame() throws {
        let item = #"{"Id":"1","AbsoluteTime":"2026-01-01T00:00:00Z","Type":"MESSAGE","Content":"hi \ud83d","DisplayName":"Ada"}"#
        let outer =
            #"{"topic":"aws/chat","content":"{\"Id\":\"1\",\"AbsoluteTime\":\"2026-01-01T00:00:00Z\",\"Type\":\"MESSAGE\",\"Content\":\"hi \ud83d\",\"DisplayName\":\"Ada\"}"}"#
        for text in [#"{"topic":"aws/chat","content":\#(try json(item))}"#, outer] {
            guard case .item(let item) = try ServerFrame(parsing: text) else {
                Issue.record("no item")
                continue
            }
            #expect(item.content == "hi \u{FFFD}")
            #expect(item.displayName == "Ada")
        }
    }

    @Test("The service's reason is told, though it is cut within a character")
    func fault() {
        let body = Array(#"{"message":"no \ud83d"}"#.utf8)
        #expect(ServiceFault(status: 400, typeHeader: nil, requestID: nil, body: body).message == "no \u{FFFD}")
    }

    @Test("A member that is null is absent")
    func null() throws {
        let item =
            #"{"Id":"1","AbsoluteTime":"2026-01-01T00:00:00Z","Type":"EVENT","Content":null,"Attachments":null,"MessageMetadata":null}"#
        #expect(try WireJSON.decode(Item.self, from: item.utf8).content == nil)
        let page = try WireJSON.decode(
            GetTranscriptResponse.self,
            from: #"{"Transcript":null,"NextToken":null,"InitialContactId":null}"#.utf8
        )
        #expect(page.nextToken == nil && (page.transcript ?? []).isEmpty)
        let frame = try ServerFrame(parsing: #"{"topic":"aws/ping","statusCode":200,"content":null,"message":null}"#)
        #expect(frame == .ping(healthy: true))
    }
}
