import ConnectWire
import Testing

@Suite("Frames from a participant")
struct ClientFrameTests {
    @Test(
        "What the official clients send is read",
        arguments: [
            // ChatJS
            (#"{"topic":"aws/subscribe","content":{"topics":["aws/chat"]}}"#, ClientFrame.subscribe(topics: ["aws/chat"])),
            // Android
            (#"{"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}}"#, .subscribe(topics: ["aws/chat"])),
            // iOS, with a brace too many of the wrong kind
            (#"{"topic": "aws/subscribe", "content": {"topics": ["aws/chat"]}})"#, .subscribe(topics: ["aws/chat"])),
            (#"{"topic":"aws/heartbeat"}"#, .heartbeat),
            (#"{"topic":"aws/ping"}"#, .ping),
        ]
    )
    func readsClients(text: String, frame: ClientFrame) throws {
        #expect(try ClientFrame(parsing: text) == frame)
    }

    @Test(
        "What follows the first object is ignored",
        arguments: [")", "}", "}}}}", "\"", "\\", "{\"topic\":\"aws/ping\"}", " \n", "\u{301}", "\u{0}"]
    )
    func ignoresRest(rest: String) throws {
        #expect(try ClientFrame(parsing: #"{"topic":"aws/heartbeat"}"# + rest) == .heartbeat)
    }

    @Test(
        "Braces, quotes and escapes within a text do not end the object",
        arguments: [
            (#"{"topic":"}","x":1}"#, "}"), (#"{"topic":"{{{"}"#, "{{{"), (#"{"topic":"\"}"}"#, "\"}"), (#"{"topic":"\\"}"#, "\\"),
            (#"{"a":{"b":"}\\\"}"},"topic":"aws/x"})"#, "aws/x"),
        ]
    )
    func findsTheEnd(text: String, topic: String) throws {
        #expect(try ClientFrame(parsing: text) == .unknown(topic: topic))
    }

    @Test(
        "A subscription without a list of topics names none",
        arguments: [
            #"{"topic":"aws/subscribe"}"#, #"{"topic":"aws/subscribe","content":null}"#, #"{"topic":"aws/subscribe","content":"aws/chat"}"#,
            #"{"topic":"aws/subscribe","content":{}}"#, #"{"topic":"aws/subscribe","content":{"topics":"aws/chat"}}"#,
            #"{"topic":"aws/subscribe","content":{"topics":[7]}}"#,
        ]
    )
    func subscribesToNothing(text: String) throws {
        #expect(try ClientFrame(parsing: text) == .subscribe(topics: []))
    }

    @Test(
        "What is not a frame is refused",
        arguments: [
            "", " ", "x", "null", "[]", "\"{}\"", "({\"topic\":\"aws/ping\"})", "{", "{\"topic\":\"aws/ping\"", "{\"topic\":\"aws/ping}",
            "{}", "{\"topic\":7}", "{\"topic\":null}", "{topic:\"aws/ping\"}", "\u{FEFF}{\"topic\":\"aws/ping\"}", "\u{0}\u{FFFD}",
            "{\"content\":{\"topics\":[\"aws/chat\"]}}",
        ]
    )
    func refuses(text: String) {
        #expect(throws: MalformedFrame.self) { try ClientFrame(parsing: text) }
    }

    @Test("Deep nesting is refused, not followed")
    func refusesDeepNesting() {
        let depth = 100_000
        let text = String(repeating: #"{"topic":"#, count: depth) + "1" + String(repeating: "}", count: depth)
        #expect(throws: MalformedFrame.self) { try ClientFrame(parsing: text) }
    }

    @Test(
        "Frames are written as ChatJS writes them",
        arguments: [
            (ClientFrame.subscribe(topics: ["aws/chat"]), #"{"topic":"aws/subscribe","content":{"topics":["aws/chat"]}}"#),
            (.subscribe(topics: []), #"{"topic":"aws/subscribe","content":{"topics":[]}}"#),
            (.subscribe(topics: ["a", "\"b\\"]), #"{"topic":"aws/subscribe","content":{"topics":["a","\"b\\"]}}"#),
            (.heartbeat, #"{"topic":"aws/heartbeat"}"#),
            (.ping, #"{"topic":"aws/ping"}"#),
            (.unknown(topic: "\"}"), #"{"topic":"\"}"}"#),
        ]
    )
    func writes(frame: ClientFrame, text: String) throws {
        #expect(frame.text == text)
        #expect(try ClientFrame(parsing: text) == frame)
    }
}
