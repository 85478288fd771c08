import ConnectWire
import Testing

@Suite("Frames from the service")
struct ServerFrameTests {
    @Test(
        "Every shape that the official clients accept is read",
        arguments: [
            (
                #"{"topic":"aws/subscribe","content":{"status":"success","topics":["aws/chat"]}}"#,
                ServerFrame.subscription(succeeded: true, topics: ["aws/chat"])
            ),
            (
                #"{"content":{"status":"failure","topics":["aws/chat"]},"topic":"aws/subscribe"}"#,
                .subscription(succeeded: false, topics: ["aws/chat"])
            ),
            (#"{"topic":"aws/subscribe","content":{"status":"success"}}"#, .subscription(succeeded: true, topics: [])),
            (#"{"topic":"aws/subscribe"}"#, .subscription(succeeded: false, topics: [])),
            (#"{"topic":"aws/subscribe","content":"success"}"#, .subscription(succeeded: false, topics: [])),
            (#"{"topic":"aws/heartbeat"}"#, .heartbeat),
            (#"{"topic":"aws/heartbeat","content":{"any":["thing",1,null]},"statusCode":"x"}"#, .heartbeat),
            (#"{"topic":"aws/ping","statusCode":200,"statusContent":"OK"}"#, .ping(healthy: true)),
            (#"{"topic":"aws/ping","statusCode":200}"#, .ping(healthy: true)),
            (#"{"topic":"aws/ping","statusCode":500,"statusContent":"Error"}"#, .ping(healthy: false)),
            (#"{"topic":"aws/ping","statusCode":"200"}"#, .ping(healthy: false)),
            (#"{"topic":"aws/ping","statusCode":1e400}"#, .ping(healthy: false)),
            (#"{"topic":"aws/ping","statusCode":200000000000000000000000000000}"#, .ping(healthy: false)),
            (#"{"topic":"aws/ping"}"#, .ping(healthy: false)),
            (
                #"{"message":"Forbidden","connectionId":"Z1=","requestId":"Z2="}"#,
                .gatewayError(message: "Forbidden")
            ),
            (#"{"topic":"aws/agent","content":{}}"#, .unknown(topic: "aws/agent")),
            (#"{"topic":""}"#, .unknown(topic: "")),
            (#"{"topic":"aws/\u0063hat\u0000\ud83d\ude00"}"#, .unknown(topic: "aws/chat\0😀")),
            (#"{"topic":"\ud800"}"#, .unknown(topic: "\u{FFFD}")),
            (" \n{\"topic\"\t:\r\"aws/heartbeat\"} ", .heartbeat),
        ]
    )
    func reads(text: String, frame: ServerFrame) throws {
        #expect(try ServerFrame(parsing: text) == frame)
    }

    @Test("The content of a chat frame is JSON in a text", arguments: Samples.all)
    func readsItems(item: String) throws {
        let frame = #"{"content":\#(try json(item)),"contentType":"application/json","topic":"aws/chat"}"#
        #expect(try ServerFrame(parsing: frame) == .item(try decode(Item.self, item)))
    }

    @Test(
        "What is not a frame is refused",
        arguments: [
            "", " ", "null", "true", "17", "\"aws/chat\"", "[]", "[{\"topic\":\"aws/heartbeat\"}]", "{}", "{", "}",
            "{\"topic\"", "{\"topic\":", "{\"topic\":}", "{\"topic\":\"aws/heartbeat\"", "{\"topic\":\"aws/heartbeat\"}}",
            "{'topic':'aws/heartbeat'}", "{\"topic\":\"aws/heartbeat\",}x", "not JSON at all", "<html>502 Bad Gateway</html>",
            "{\"topic\":7}", "{\"topic\":{}}", "{\"topic\":[\"aws/chat\"]}", "{\"topic\":null}", "{\"message\":7}", "{\"message\":null}",
            "{\"Topic\":\"aws/heartbeat\"}", "\u{0}\u{1}\u{2}\u{FFFD}\u{FFFD}",
        ]
    )
    func refuses(text: String) {
        #expect(throws: MalformedFrame.self) { try ServerFrame(parsing: text) }
    }

    @Test(
        "A chat frame without a readable item is refused",
        arguments: [
            "null", "{}", "7", "\"\"", "\"null\"", "\"{}\"", "\"[]\"", "\"{\\\"Id\\\":\"", "\"not JSON\"", Samples.message,
            "\"{\\\"Id\\\":\\\"1\\\",\\\"Type\\\":\\\"MESSAGE\\\"}\"",
        ]
    )
    func refusesItems(content: String) {
        #expect(throws: MalformedFrame.self) { try ServerFrame(parsing: #"{"topic":"aws/chat","content":\#(content)}"#) }
    }

    @Test("Deep nesting is refused, not followed", arguments: [("[", "]"), ("{\"a\":", "}")])
    func refusesDeepNesting(open: String, close: String) {
        let depth = 100_000
        let content = String(repeating: open, count: depth) + "1" + String(repeating: close, count: depth)
        #expect(throws: MalformedFrame.self) { try ServerFrame(parsing: #"{"topic":"aws/heartbeat","content":\#(content)}"#) }
    }

    @Test("An error holds nothing of the frame, which may be private")
    func errorsHoldNoContent() {
        let item = #"{\"Id\":\"1\",\"Content\":\"my card is 4111\",\"Type\":\"MESSAGE\"}"#
        let error = #expect(throws: MalformedFrame.self) { try ServerFrame(parsing: #"{"topic":"aws/chat","content":"\#(item)"}"#) }
        #expect("\(error as Any)" == #"Optional(the item in a chat frame cannot be read)"#)
    }

    @Test(
        "Frames are written as the official clients read them",
        arguments: [
            (
                ServerFrame.subscription(succeeded: true, topics: ["aws/chat"]),
                #"{"content":{"status":"success","topics":["aws/chat"]},"topic":"aws/subscribe"}"#
            ),
            (
                .subscription(succeeded: false, topics: ["aws/x"]),
                #"{"content":{"status":"failure","topics":["aws/x"]},"topic":"aws/subscribe"}"#
            ),
            (.heartbeat, #"{"topic":"aws/heartbeat"}"#),
            (.ping(healthy: true), #"{"statusCode":200,"statusContent":"OK","topic":"aws/ping"}"#),
            (.ping(healthy: false), #"{"statusCode":500,"statusContent":"Error","topic":"aws/ping"}"#),
            (.gatewayError(message: "Forbidden"), #"{"message":"Forbidden"}"#),
            (.unknown(topic: "aws/\"x\""), #"{"topic":"aws/\"x\""}"#),
        ]
    )
    func writes(frame: ServerFrame, text: String) throws {
        #expect(try frame.text() == text)
        #expect(try ServerFrame(parsing: text) == frame)
    }

    @Test("An item is written as a text within the frame, and comes back as it was", arguments: Samples.all)
    func writesItems(item: String) throws {
        let frame = ServerFrame.item(try decode(Item.self, item))
        let text = try frame.text()
        #expect(text.hasPrefix(#"{"content":"{\"AbsoluteTime\":"#))
        #expect(text.hasSuffix(#"","contentType":"application/json","topic":"aws/chat"}"#))
        #expect(try ServerFrame(parsing: text) == frame)
    }

    @Test(
        "Any text in a message survives two layers of JSON",
        arguments: ["", "\"", "\\", "\\\"}", "\n\r\t\0\u{7F}", "مرحبا", "你好", "👩‍👩‍👧‍👦", "\u{202E}abc", "</script>", "e\u{301}", "\u{2028}"]
    )
    func keepsText(content: String) throws {
        let item = Item(id: "1", absoluteTime: Timestamp(millisecondsSince1970: 0), type: .message, content: content)
        let frame = try ServerFrame(parsing: try ServerFrame.item(item).text())
        guard case .item(let read) = frame else {
            Issue.record("not an item")
            return
        }
        #expect(Array((read.content ?? "").utf8) == Array(content.utf8))
    }
}
