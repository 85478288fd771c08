import ActionKit
import ConnectWire
import Foundation
import Testing

@testable import attache

@Suite("What the REPL tells")
struct DisplayTests {
    private static func item(
        _ content: String,
        name: String? = "Receipts",
        role: ParticipantRole? = .customBot,
        isOwn: Bool = false
    ) -> ReplOutput {
        .item(
            ShownItem(
                number: 3,
                session: "Ada",
                isOwn: isOwn,
                namesSession: false,
                item: Item(
                    id: "i",
                    absoluteTime: Timestamp(millisecondsSince1970: 45_296_789),
                    type: .message,
                    contentType: .plainText,
                    content: content,
                    displayName: name,
                    participantRole: role
                )
            )
        )
    }

    @Test(
        "As text, with nothing that steers the terminal",
        arguments: [
            (item("Hello"), "12:34:56 #3 Receipts (bot): Hello"),
            (item("one\ntwo"), "12:34:56 #3 Receipts (bot): one\n    two"),
            (item("\u{1b}[2Jgone\u{7}"), #"12:34:56 #3 Receipts (bot): \u{1b}[2Jgone\u{7}"#),
            (item("مرحبا 你好"), "12:34:56 #3 Receipts (bot): مرحبا 你好"),
            (item("a\u{202e}b"), #"12:34:56 #3 Receipts (bot): a\u{202e}b"#),
            (item("x", name: "E\u{1b}ve", role: .customer), #"12:34:56 #3 E\u{1b}ve (customer): x"#),
            (item("mine", isOwn: true), nil),
            (.notice("so"), "-- so"),
            (.problem(Problem("no")), "error: no"),
            (.done("a", .microseconds(1_250), isTold: true), "-- 1.3 ms"),
            (.done("a", .zero, isTold: false), nil),
            (.answer(Answer(command: "x", lines: [], value: .null)), nil),
        ] as [(ReplOutput, String?)]
    )
    func text(_ output: ReplOutput, _ text: String?) {
        #expect(TextRenderer(isInteractive: true).text(output, Settings()) == text)
    }

    @Test("Where nobody typed it, what one says oneself is shown; times may be left out; ASCII loses nothing")
    func plain() {
        var settings = Settings()
        settings.times = false
        #expect(TextRenderer(isInteractive: false).text(Self.item("mine", isOwn: true), settings) == "#3 Receipts (bot): mine")
        #expect(TextRenderer(isInteractive: false, isUnicode: false).text(Self.item("é"), settings) == #"#3 Receipts (bot): \u{e9}"#)
    }

    @Test("Colours mark what is free of controls")
    func colours() {
        var settings = Settings()
        settings.colour = true
        #expect(TextRenderer(isInteractive: true).text(.notice("a\u{1b}[0m"), settings) == "\u{1b}[2m-- a\\u{1b}[0m\u{1b}[0m")
    }

    private static let outputs: [ReplOutput] = [
        item("Hello"),
        .upload(ShownUpload(session: "Ada", name: "a.txt", state: "failed", sentBytes: 1, size: 2, reason: "no", isFinal: true)),
        .ended(session: "Ada", reason: "over"), .answer(Answer(command: "set", lines: [], value: ["a": 1])), .notice("so"),
        .problem(Problem("no", detail: ["more"], status: .connection)), .line("hello"), .done("hello", .seconds(1), isTold: false),
    ]

    @Test("As JSON, by its schema", arguments: outputs)
    func json(_ output: ReplOutput) throws {
        let line = EventJSON(output).json.serialized()
        #expect(!line.contains("\n"))
        #expect(EventSchema.schema.validate(try JSON(parsing: line)).isEmpty)
    }

    @Test("The schema refuses what is no event")
    func schema() throws {
        for wrong in [#"{"event":"nonsense"}"#, #"{"event":"line"}"#, #"{"event":"line","line":"a","more":1}"#, "[]"] {
            #expect(!EventSchema.schema.validate(try JSON(parsing: wrong)).isEmpty)
        }
    }

    @Test("A file's bar keeps its width")
    func bar() {
        func bar(_ sent: Int64, _ size: Int64, _ name: String = "a.txt") -> String {
            UploadText(ShownUpload(session: "", name: name, state: "started", sentBytes: sent, size: size, isFinal: false)).bar
        }
        #expect(bar(0, 100) == "[....................] 0% a.txt started")
        #expect(bar(50, 100) == "[##########..........] 50% a.txt started")
        #expect(bar(0, 0) == "[####################] 100% a.txt started")
        #expect(bar(1, 1, String(repeating: "x", count: 300)).count < 62)
    }

    @Test("Answers of the service are shown without what opens anything")
    func redaction() throws {
        let body = #"{"ParticipantToken":"a","NextToken":"n","Url":"https://x/?sig=1","nested":[{"ConnectionToken":"b","Id":"i"}]}"#
        let json = RedactedAnswer(Array(body.utf8)).json
        #expect(
            json == [
                "ParticipantToken": "<redacted>", "NextToken": "n", "Url": "<redacted>",
                "nested": [["ConnectionToken": "<redacted>", "Id": "i"]],
            ]
        )
    }
}
