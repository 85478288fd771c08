import ConnectWire
import Testing
import Transport

@testable import LocalConnect

@Suite("Small machines, by tables")
struct PureTests {
    @Test("Deadlines fire by time, those of one time as they were added")
    func deadlines() {
        var deadlines = Deadlines()
        let times: [Int64] = (0..<200).map { $0 * 7919 % 50 }
        for (number, time) in times.enumerated() {
            deadlines.add(.socketExpires(SocketID(rawValue: number)), at: Timestamp(millisecondsSince1970: time))
        }
        #expect(deadlines.popDue(at: Timestamp(millisecondsSince1970: -1)) == nil)
        var fired: [Int] = []
        while case .socketExpires(let id)? = deadlines.popDue(at: Timestamp(millisecondsSince1970: 50)) { fired.append(id.rawValue) }
        #expect(fired == times.indices.sorted { (times[$0], $0) < (times[$1], $1) })
        #expect(deadlines.next == nil)
    }

    @Test("A bucket gives its burst at once and its rate after that, and nothing for a clock that goes back")
    func bucket() {
        func at(_ milliseconds: Int64) -> Timestamp { Timestamp(millisecondsSince1970: milliseconds) }
        var bucket = TokenBucket(Quota(rate: 2, burst: 3), at: at(0))
        let taken = [0, 0, 0, 0, 499, 500, 500, 1000, 0, 1499, 10_000, 10_000, 10_000, 10_000].map { bucket.take(at: at($0)) }
        #expect(taken == [true, true, true, false, false, true, false, true, false, true, true, true, true, false])
    }

    @Test("Quotas are read from JSON, by API or by group; null lifts one")
    func quotas() throws {
        let quotas = try Quotas(json: Array(#"{"SendEvent": {"rate": 1, "burst": 2}, "GetTranscript": null}"#.utf8))
        #expect(quotas.quota(for: QuotaName(.send)) == Quota(rate: 1, burst: 2))
        #expect(quotas.quota(for: QuotaName(.getTranscript)) == nil)
        #expect(quotas.quota(for: QuotaName(.getAttachment)) == QuotaGroup.getAttachment.documented)
    }

    @Test(
        "Quotas that make no sense are refused",
        arguments: [
            "", "[]", #"{"SendMail": null}"#, #"{"SendMessage": {"rate": 0, "burst": 1}}"#, #"{"SendMessage": {"rate": 1, "burst": 0}}"#,
            #"{"SendMessage": {"rate": 1e-300, "burst": 1}}"#, #"{"SendMessage": {"rate": 1e300, "burst": 1}}"#,
            #"{"SendMessage": {"rate": -1, "burst": 1}}"#, #"{"SendMessage": {"rate": 1, "burst": 1.5}}"#,
            #"{"SendMessage": {"rate": 1, "burst": 1e99}}"#, #"{"SendMessage": {"rate": "1/s", "burst": 1}}"#,
            #"{"SendMessage": {"rate": 1, "brust": 1}}"#, #"{"SendMessage": {"rate": 1, "burst": 1, "per": "second"}}"#,
        ]
    )
    func badQuotas(json: String) {
        #expect(throws: QuotasError.self) { try Quotas(json: Array(json.utf8)) }
    }

    @Test(
        "A page is cut at its boundary",
        arguments: [
            (TranscriptPage(direction: .backward, boundary: 5), 2, 3..<5, TranscriptPage(direction: .backward, boundary: 3)),
            (TranscriptPage(direction: .backward, boundary: 2), 2, 0..<2, nil),
            (TranscriptPage(direction: .backward, boundary: 0), 2, 0..<0, nil),
            (TranscriptPage(direction: .forward, boundary: 0), 2, 0..<2, TranscriptPage(direction: .forward, boundary: 2)),
            (TranscriptPage(direction: .forward, boundary: 3), 2, 3..<5, nil),
            (TranscriptPage(direction: .forward, boundary: 5), 2, 5..<5, nil),
            (TranscriptPage(direction: .forward, boundary: 9), 2, 5..<5, nil),
            (TranscriptPage(direction: .forward, boundary: 1), 0, 0..<0, nil),
        ] as [(TranscriptPage, Int, Range<Int>, TranscriptPage?)]
    )
    func pages(page: TranscriptPage, size: Int, range: Range<Int>, next: TranscriptPage?) {
        let taken = page.take(size, of: 5)
        #expect(taken.0 == range)
        #expect(taken.next == next)
    }

    @Test("A token begins with a letter, so that no command line takes it for an option, and has only what a header and a URL may have")
    func tokens() {
        let mint = TokenMint(key: ServiceKey())
        var random: any RandomNumberGenerator & Sendable = SystemRandomNumberGenerator()
        for number in 0..<500 {
            for token in [
                mint.participantToken(for: ParticipantID("p\(number)")).exposed, mint.connectionToken(using: &random).exposed,
                mint.websocketTicket(using: &random),
            ] {
                #expect(token.first?.isLetter == true)
                #expect(token.utf8.count == 44 && token.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "-" || $0 == "_") })
            }
        }
    }

    @Test("A page token is good for its connection and its key alone")
    func pageTokens() throws {
        let key = ServiceKey()
        let token = PageToken(contactID: "c", direction: .backward, order: .ascending, boundary: 7)
        let (mine, theirs) = (TokenDigest(of: "mine"), TokenDigest(of: "theirs"))
        let text = try #require(token.text(key: key, issuedTo: mine))
        #expect(text.utf8.count <= 1000)
        #expect(PageToken(text, key: key, issuedTo: mine) == token)
        #expect(PageToken(text, key: key, issuedTo: theirs) == nil)
        #expect(PageToken(text, key: ServiceKey(), issuedTo: mine) == nil)
        for junk in ["", ".", "x", "\(text).", String(text.dropLast()), "e30.\(text.split(separator: ".")[1])"] {
            #expect(PageToken(junk, key: key, issuedTo: mine) == nil)
        }
    }

    @Test(
        "A file's name goes into a header in ASCII",
        arguments: [
            ("a.txt", #"attachment; filename="a.txt""#),
            ("a b;c.txt", #"attachment; filename="a b;c.txt""#),
            (#"a"b.txt"#, "attachment; filename*=UTF-8''a%22b.txt"),
            ("ä 1.txt", "attachment; filename*=UTF-8''%C3%A4%201.txt"),
            ("🧾.csv", "attachment; filename*=UTF-8''%F0%9F%A7%BE.csv"),
        ]
    )
    func contentDisposition(name: String, header: String) {
        #expect(ContentDisposition.attachment(named: name) == header)
    }

    @Test("A name too long for the header is cut before its extension")
    func longName() {
        let header = ContentDisposition.attachment(named: String(repeating: "字", count: 252) + ".txt", limit: 256)
        #expect(header.utf8.count <= 256)
        #expect(header.hasSuffix("%AD%97.txt"))
    }

    @Test("Bytes are written and read again", arguments: [[], [0], [255, 254], [1, 2, 3], [0, 16, 131, 16, 81, 135]] as [[UInt8]])
    func byteTexts(bytes: [UInt8]) {
        #expect([UInt8](base64URL: bytes.base64URL) == bytes)
        #expect([UInt8](hexadecimal: bytes.hexadecimal) == bytes)
    }

    @Test("What is no base64url is refused", arguments: ["A", "AB", "AA=", "A+", "AAAAA", "AA\n", "ä"])
    func badBase64(text: String) {
        // Two characters carry one byte and four bits, which must be zero.
        #expect([UInt8](base64URL: text) == nil)
    }

    @Test("What is no lower case hexadecimal is refused", arguments: ["0", "0G", "AB", " 00", "0x00"])
    func badHexadecimal(text: String) {
        #expect([UInt8](hexadecimal: text) == nil)
    }

    @Test(
        "Percent-encoding",
        arguments: [("a%20b", "a b"), ("%C3%A4", "ä"), ("%", nil), ("%4", nil), ("%zz", nil), ("%FF", nil), ("%2", nil), ("", "")]
            as [(String, String?)]
    )
    func percentDecoding(text: String, decoded: String?) {
        #expect(PercentEncoding.decode(text) == decoded)
        if let decoded { #expect(PercentEncoding.decode(PercentEncoding.encode(decoded)) == decoded) }
    }

    @Test(
        "Ranges of an object of ten bytes",
        arguments: [
            ("bytes=0-3", 0, 3), ("bytes=4-", 4, 9), ("bytes=-3", 7, 9), ("bytes=-30", 0, 9), ("bytes=5-100", 5, 9), ("bytes=9-9", 9, 9),
        ] as [(String, Int64, Int64)]
    )
    func ranges(header: String, first: Int64, last: Int64) throws {
        let range = try #require(try ByteRange(header: header, size: 10))
        #expect((range.first, range.last) == (first, last))
    }

    @Test(
        "The whole object is sent for a range that makes no sense",
        arguments: ["", "items=0-1", "bytes=", "bytes=a-b", "bytes=3-1", "bytes=0-1,3-4"]
    )
    func senselessRange(header: String) throws {
        #expect(try ByteRange(header: header, size: 10) == nil)
    }

    @Test("A range behind the end is refused", arguments: ["bytes=10-", "bytes=10-12", "bytes=-0"])
    func rangeBehindEnd(header: String) {
        #expect(throws: ObjectFault.invalidRange) { try ByteRange(header: header, size: 10) }
    }

    @Test("A fault strikes its operation and contact as often as it was asked for; a status goes alone")
    func faults() {
        var faults = Faults()
        faults.add(Fault(operation: "SendMessage", effect: .loseResponse, contact: "c", count: 2))
        faults.add(Fault(operation: nil, effect: .status(503), contact: nil, count: 1))
        #expect(faults.strike("SendMessage", in: "c").status == 503)
        #expect(faults.strike("GetTranscript", in: "c").effects == [])
        #expect(faults.strike("SendMessage", in: "other").effects == [])
        #expect(faults.strike("SendMessage", in: "c").effects == [.loseResponse])
        #expect(faults.strike("SendMessage", in: "c").effects == [.loseResponse])
        #expect(faults.strike("SendMessage", in: "c").effects == [])
        #expect(faults.waiting == [])
    }

    @Test("A queue of frames that is full says so once, and ends with a close")
    func frameQueue() async {
        let queue = FrameQueue()
        for number in 0..<FrameQueue.capacity { #expect(queue.push("\(number)") == .accepted) }
        #expect(queue.push("one too many") == .full)
        #expect(queue.push("another") == .finished)
        guard case .close(.policyViolation, _)? = await queue.next() else {
            Issue.record("the queue is not closed")
            return
        }
    }
}
