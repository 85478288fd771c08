import ConnectWire
import Testing

@testable import attache

@Suite("Recordings")
struct RecorderTests {
    private static func item(
        _ content: String? = nil,
        type: ItemType = .message,
        contentType: ContentType? = .plainText,
        attachments: [AttachmentItem]? = nil
    ) -> Item {
        Item(
            id: ItemID("i-\(content ?? "")"),
            absoluteTime: Timestamp(millisecondsSince1970: 0),
            type: type,
            contentType: contentType,
            content: content,
            displayName: "Bot",
            participantRole: .customBot,
            attachments: attachments
        )
    }

    @Test("What is said is expected, and pauses are waited for")
    func chat() throws {
        var recorder = Recorder()
        func did(_ line: String, _ now: Duration, by speaker: String = "Ada") throws {
            let command = try #require(try CommandParser.parse(line))
            recorder.did(command, line, speaker: speaker, began: now, at: now)
        }
        try did("\\start echo --as Ada", .zero)
        recorder.heard(Self.item(type: .event, contentType: .participantJoined), by: "Ada", isOwn: false, at: .zero)
        recorder.heard(Self.item("Hello \"you\"\nthere"), by: "Ada", isOwn: false, at: .milliseconds(20))
        try did("hi", .seconds(5))
        recorder.heard(Self.item("hi"), by: "Ada", isOwn: true, at: .seconds(5))
        recorder.heard(Self.item("never mind"), by: "Grace", isOwn: false, at: .seconds(5))
        recorder.heard(Self.item("You said: hi"), by: "Ada", isOwn: false, at: .seconds(5))
        try did("\\sessions", .seconds(6))
        recorder.heard(Self.item("Are you there?"), by: "Ada", isOwn: false, at: .seconds(125))
        try did("\\use Grace --role agent", .milliseconds(125_200), by: "Grace")
        try did("one\ntwo", .milliseconds(125_300), by: "Grace")
        #expect(
            recorder.lines == [
                "\\start echo --as Ada", #"\expect "Hello \"you\"\nthere""#, "\\wait 4s", "hi", #"\expect "You said: hi""#,
                #"\expect "Are you there?" within 130s"#, "\\use Grace --role agent", "one\\\ntwo",
            ]
        )
        let script = try ChatScript(text: recorder.lines.joined(separator: "\n"), path: "x.chat", isTest: true)
        #expect(script.steps.last?.command == .say("one\ntwo"))
    }

    @Test(
        "What differs each time is generalised, and what need not come is left out",
        arguments: [
            (item("at 9:05 or 2026-01-31, 17:00:59?"), #"/at \d{1,2}:\d\d or \d{4}-\d\d-\d\d\, \d\d:\d\d:\d\d\?/"#),
            (item("id 0a1b2c3d-1111-2222-3333-444455556666."), #"/id [0-9a-f-]{36}\./"#),
            (item("key AbCdEf0123456789AbCdEf0123456789AbCdEf0123456789"), #"/key \S+/"#),
            (item("1/2 at 10:00"), #"/1\/2 at \d{1,2}:\d\d/"#),
            (item("order 1001"), "\"order 1001\""),
            (item(type: .event, contentType: .typing), nil),
            (item(type: .event, contentType: .participantLeft), "left"),
            (item(type: .event, contentType: .chatEnded), "event chat.ended"),
            (item(type: .messageMetadata), nil),
            (
                item(type: .attachment, contentType: nil, attachments: [file("a b.txt", .approved)]),
                "file \"a b.txt\" type text/plain"
            ),
            (item(type: .attachment, contentType: nil, attachments: [file("a.txt", .rejected)]), nil),
            (
                item(
                    #"{"templateType":"ListPicker","data":{"content":{"title":"T","elements":[{"title":"a \"b\""},{"title":"Yes"}]}}}"#,
                    contentType: .interactive
                ),
                "choice \"Yes\""
            ),
        ] as [(Item, String?)]
    )
    func expectations(_ item: Item, _ text: String?) throws {
        #expect(RecordedExpectation(item, mayBeJoining: true)?.text == text)
        guard let text, case .expect(let expectation, _, _)? = try CommandParser.parse("\\expect \(text)") else { return }
        #expect(expectation.fits(item))
    }

    private static func file(_ name: String, _ status: AttachmentStatus) -> AttachmentItem {
        AttachmentItem(attachmentID: "a", attachmentName: name, contentType: .plainText, status: status)
    }

    @Test(
        "Ids and tokens never get into a line",
        arguments: [
            ("hello   there", "hello   there"),
            ("see 0a1b2c3d-1111-2222-3333-444455556666!", "see 00000000-0000-0000-0000-000000000000!"),
            ("QVFJREFIZ0RXdW5JTk9YVjRzQ1hwbHBwUkZkQUh6TFZBSE0 is it", "SECRET is it"),
        ]
    )
    func secrets(_ text: String, _ line: String) {
        #expect(RecordedText(text).line == line)
    }

    @Test("A recording is bounded")
    func bound() {
        var recorder = Recorder()
        for _ in 0...Recorder.capacity { recorder.did(.say("a"), "a", speaker: "Ada", began: .zero, at: .zero) }
        #expect(recorder.lines.count == Recorder.capacity)
        #expect(recorder.isFull)
    }
}
