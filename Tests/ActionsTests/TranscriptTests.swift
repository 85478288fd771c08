import ActionKit
import Actions
import FoundationEssentials
import Testing

@Suite("Transcripts")
struct TranscriptTests {
    static let chat = [
        TranscriptEntry.event(0, "participant.joined", "CUSTOMER", "Ada"),
        .event(1, "participant.joined", "CUSTOM_BOT", "Receipts"),
        .message(2, "CUSTOM_BOT", "Receipts", "Welcome."),
        .message(3, "CUSTOMER", "Ada", "Two things:\n- a receipt\r\n2026-01-02 10:11:19  Receipts (bot): free"),
        .attachment(4, "CUSTOM_BOT", "Receipts", [("receipt.txt", "text/plain", "APPROVED")]),
        .attachment(5, "CUSTOMER", "Ada", [("a.png", "image/png", "IN_PROGRESS"), ("b.pdf", "application/pdf", nil)]),
        .event(6, "participant.left", "CUSTOMER", "Ada"),
        .event(7, "chat.ended", nil, nil),
    ]

    @Test("A transcript in txt has who, when and what, and no message can look like an entry")
    func text() async throws {
        let file = try await transcript([:], Self.chat)
        #expect(file.name == "transcript.txt")
        #expect(file.contentType == "text/plain")
        #expect(
            file.text == """
                Transcript
                Contact: c-1
                Written: 2026-01-02 10:11 UTC
                Participants: Ada (customer), Receipts (bot)

                2026-01-02 10:11:12  * Ada (customer) joined the chat
                2026-01-02 10:11:13  * Receipts (bot) joined the chat
                2026-01-02 10:11:14  Receipts (bot): Welcome.
                2026-01-02 10:11:15  Ada (customer): Two things:
                                     - a receipt
                                     2026-01-02 10:11:19  Receipts (bot): free
                2026-01-02 10:11:16  * Receipts (bot) sent a file
                                     receipt.txt (text/plain, approved)
                2026-01-02 10:11:17  * Ada (customer) sent 2 files
                                     a.png (image/png, in progress)
                                     b.pdf (application/pdf)
                2026-01-02 10:11:18  * Ada (customer) left the chat
                2026-01-02 10:11:19  * the chat ended

                """
        )
    }

    @Test("A transcript in csv has a row for each message, event and attachment")
    func csv() async throws {
        let file = try await transcript(["format": "csv", "name": "chat.CSV"], Self.chat)
        let event = "application/vnd.amazonaws.connect.event."
        #expect(file.name == "chat.CSV")
        #expect(file.contentType == "text/csv")
        let rows = [
            "time,id,kind,role,name,content_type,text,attachment_id,attachment_name,attachment_type,attachment_status",
            "2026-01-02T10:11:12.345Z,i0,EVENT,CUSTOMER,Ada,\(event)participant.joined,joined the chat,,,,",
            "2026-01-02T10:11:13.345Z,i1,EVENT,CUSTOM_BOT,Receipts,\(event)participant.joined,joined the chat,,,,",
            "2026-01-02T10:11:14.345Z,i2,MESSAGE,CUSTOM_BOT,Receipts,text/plain,Welcome.,,,,",
            "2026-01-02T10:11:15.345Z,i3,MESSAGE,CUSTOMER,Ada,text/plain,"
                + "\"Two things:\n'- a receipt\r\n2026-01-02 10:11:19  Receipts (bot): free\",,,,",
            "2026-01-02T10:11:16.345Z,i4,ATTACHMENT,CUSTOM_BOT,Receipts,,sent a file,i4-0,receipt.txt,text/plain,APPROVED",
            "2026-01-02T10:11:17.345Z,i5,ATTACHMENT,CUSTOMER,Ada,,sent 2 files,i5-0,a.png,image/png,IN_PROGRESS",
            "2026-01-02T10:11:17.345Z,i5,ATTACHMENT,CUSTOMER,Ada,,sent 2 files,i5-1,b.pdf,application/pdf,",
            "2026-01-02T10:11:18.345Z,i6,EVENT,CUSTOMER,Ada,\(event)participant.left,left the chat,,,,",
            "2026-01-02T10:11:19.345Z,i7,EVENT,,,\(event)chat.ended,the chat ended,,,,",
        ]
        #expect(file.text == rows.map { $0 + "\r\n" }.joined())
    }

    @Test("Every script comes through, and right-to-left text is isolated so that it reorders nothing")
    func scripts() async throws {
        let file = try await transcript(
            ["title": "سجل المحادثة", "name": "سجل-记录-📄"],
            [
                .message(0, "CUSTOMER", "عائشة", "مرحبا، الطلب 1001؟"),
                .message(1, "AGENT", "王小明", "您好！订单 1001。"),
                .message(2, "CUSTOMER", "עדה לאבלייס", "Hello\nשלום"),
                .message(3, "CUSTOMER", "Zoë 👩🏽‍🚀", "👍🏽 e\u{301} हिन्दी"),
                .attachment(4, "CUSTOMER", "عائشة", [("صورة.png", "image/png", "REJECTED")]),
            ]
        )
        #expect(file.name == "سجل-记录-📄.txt")
        #expect(
            file.text == """
                سجل المحادثة
                Contact: c-1
                Written: 2026-01-02 10:11 UTC
                Participants: ⁨عائشة⁩ (customer), 王小明 (agent), ⁨עדה לאבלייס⁩ (customer), Zoë 👩🏽‍🚀 (customer)

                2026-01-02 10:11:12  ⁨عائشة⁩ (customer): ⁨مرحبا، الطلب 1001؟⁩
                2026-01-02 10:11:13  王小明 (agent): 您好！订单 1001。
                2026-01-02 10:11:14  ⁨עדה לאבלייס⁩ (customer): Hello
                                     ⁨שלום⁩
                2026-01-02 10:11:15  Zoë 👩🏽‍🚀 (customer): 👍🏽 e\u{301} हिन्दी
                2026-01-02 10:11:16  * ⁨عائشة⁩ (customer) sent a file
                                     ⁨صورة.png⁩ (image/png, rejected)

                """
        )
        #expect(file.text.utf8.starts(with: "سجل".utf8))
    }

    @Test(
        "Direction controls in a message end with it",
        arguments: [
            ("\u{202E}abc", "\u{2068}\u{202E}abc\u{2069}"),
            ("a\u{2069}b", "\u{2068}ab\u{2069}"),
            ("\u{2067}a", "\u{2068}\u{2067}a\u{2069}\u{2069}"),
            ("\u{2066}a\u{2069}\u{2069}\u{2068}b", "\u{2068}\u{2066}a\u{2069}\u{2068}b\u{2069}\u{2069}"),
        ]
    )
    func directionControls(message: String, shown: String) async throws {
        #expect(
            try await line(.message(0, "CUSTOMER", "Ada", message)).unicodeScalars.elementsEqual("Ada (customer): \(shown)".unicodeScalars)
        )
    }

    @Test("Line breaks of every kind continue the message, and control characters are shown")
    func lineBreaks() async throws {
        let file = try await transcript(
            [:],
            [.message(0, "CUSTOMER", "A\nd\ta", "1\r\n2\n3\r4\u{B}5\u{C}6\u{85}7\u{2028}8\u{2029}9\u{0}\u{1B}[2J\u{9B}\t|\n\n")]
        )
        let lines = file.text.split(separator: "\n", omittingEmptySubsequences: false).dropFirst(5).map(String.init)
        let margin = String(repeating: " ", count: 21)
        #expect(
            lines == ["2026-01-02 10:11:12  A d a (customer): 1"] + (2...8).map { "\(margin)\($0)" } + [
                margin + "9␀␛[2J\u{FFFD}    |", "", "", "",
            ]
        )
    }

    @Test(
        "Events are told in words",
        arguments: [
            ("application/vnd.amazonaws.connect.event.transfer.failed", "* Ada (customer) could not transfer the chat"),
            ("application/vnd.amazonaws.connect.event.typing", "* Ada (customer) is typing"),
            ("application/vnd.amazonaws.connect.event.something.new", "* Ada (customer) caused the event something.new"),
            ("text/odd", "* Ada (customer) caused the event text/odd"),
            (nil, "* Ada (customer) caused an event without a type"),
        ] as [(String?, String)]
    )
    func events(contentType: String?, words: String) async throws {
        let entry = TranscriptEntry(id: "i", time: noon, kind: .event, role: "CUSTOMER", displayName: "Ada", contentType: contentType)
        #expect(try await line(entry) == words)
    }

    @Test("An interactive message is its title and its choices; one that cannot be read comes as it is")
    func interactive() async throws {
        let type = "application/vnd.amazonaws.connect.message.interactive"
        func words(_ text: String) async throws -> String {
            let entry = TranscriptEntry(
                id: "i",
                time: noon,
                kind: .message,
                role: "CUSTOM_BOT",
                displayName: "B",
                contentType: type,
                text: text
            )
            let file = try await transcript([:], [entry])
            return file.text.split(separator: "\n").dropFirst(4).map { $0.dropFirst(21) }.joined(separator: "|")
        }
        #expect(
            try await words(
                #"{"templateType":"ListPicker","version":"1.0","data":{"content":{"title":"Size?","subtitle":"Pick","#
                    + #""elements":[{"title":"S"},{"title":"L","subtitle":"large"},{"x":1}]}}}"#
            ) == "B (bot): Size?|Pick|- S|- L: large"
        )
        #expect(
            try await words(
                #"{"templateType":"TimePicker","data":{"content":{"title":"When?","timeslots":[{"date":"2026-01-02T10:00+00:00","duration":60}]}}}"#
            ) == "B (bot): When?|- 2026-01-02T10:00+00:00"
        )
        #expect(
            try await words(
                #"{"templateType":"Carousel","data":{"content":{"title":"Trips","elements":["#
                    + #"{"templateType":"Panel","data":{"content":{"title":"Rome","elements":[{"title":"Book"}]}}}]}}}"#
            ) == "B (bot): Trips|- Rome|- - Book"
        )
        for odd in [#"{"data":"#, "[]", #"{"data":{"content":5}}"#, String(repeating: "[", count: 1000)] {
            #expect(try await words(odd) == "B (bot): \(odd)")
        }
    }

    @Test("Entries with little to say are still there")
    func sparse() async throws {
        #expect(try await line(TranscriptEntry(id: "i", time: noon, kind: .message)) == "unknown:")
        #expect(try await line(TranscriptEntry(id: "i", time: noon, kind: .message, role: "SYSTEM", text: "x")) == "system: x")
        #expect(try await line(TranscriptEntry(id: "i", time: noon, kind: .message, displayName: "Ada", text: "x")) == "Ada: x")
        #expect(
            try await line(TranscriptEntry(id: "i", time: noon, kind: .other("NEW_KIND"), role: "AGENT", text: "x"))
                == "* agent new_kind: x"
        )
        let empty = try await transcript(["title": "T"], [])
        #expect(empty.text == "T\nContact: c-1\nWritten: 2026-01-02 10:11 UTC\n\nNothing has been said yet.\n")
    }

    @Test("A transcript that cannot be read fails the action, and a bad name does before it is read")
    func failures() async throws {
        struct Unreadable: Error {}
        let context = ActionContext(contact: .init(id: nil), participant: .init(id: nil, role: "AGENT", displayName: "A"), now: noon) {
            throw Unreadable()
        }
        let action = try #require(Module.documents[action: "transcript"])
        await #expect(throws: Unreadable.self) { try await action.call([:], in: context) }
        await #expect(throws: ActionError.self) { try await action.call(["name": "a/b"], in: context) }
    }

    @Test("The value says how many entries there are")
    func value() async throws {
        #expect(try await call("transcript", [:], transcript: Self.chat).value == ["entries": 8])
    }

    /// What the transcript says about one entry, after the time.
    private func line(_ entry: TranscriptEntry) async throws -> String {
        let lines = try await transcript([:], [entry]).text.split(separator: "\n", omittingEmptySubsequences: false)
        return String(try #require(lines.dropLast().last).dropFirst(21))
    }

    private func transcript(_ arguments: [String: JSON], _ entries: [TranscriptEntry]) async throws -> GeneratedFile {
        try #require(try await call("transcript", arguments, transcript: entries).files.first)
    }
}

extension TranscriptEntry {
    fileprivate static func message(_ second: Int, _ role: String, _ name: String, _ text: String) -> TranscriptEntry {
        TranscriptEntry(
            id: "i\(second)",
            time: noon + Double(second),
            kind: .message,
            role: role,
            displayName: name,
            contentType: "text/plain",
            text: text
        )
    }

    fileprivate static func event(_ second: Int, _ event: String, _ role: String?, _ name: String?) -> TranscriptEntry {
        TranscriptEntry(
            id: "i\(second)",
            time: noon + Double(second),
            kind: .event,
            role: role,
            displayName: name,
            contentType: "application/vnd.amazonaws.connect.event.\(event)"
        )
    }

    fileprivate static func attachment(
        _ second: Int,
        _ role: String,
        _ name: String,
        _ files: [(name: String, type: String, status: String?)]
    ) -> TranscriptEntry {
        let attachments = files.enumerated().map { index, file in
            Attachment(id: "i\(second)-\(index)", name: file.name, contentType: file.type, status: file.status)
        }
        return TranscriptEntry(
            id: "i\(second)",
            time: noon + Double(second),
            kind: .attachment,
            role: role,
            displayName: name,
            attachments: attachments
        )
    }
}
