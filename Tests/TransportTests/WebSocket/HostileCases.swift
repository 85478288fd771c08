import TestSupport
import Testing

@testable import Transport

/// What a peer sends after the upgrade, and what must become of it on either side.
struct HostileCase: Sendable, CustomTestStringConvertible {
    var name: String
    var frames: [TestFrame]
    /// Bytes in place of the end of the last frame: what it is cut to.
    var cutTo: Int?
    /// Whether the peer closes its direction after the bytes.
    var endsConnection = false

    var messages: [WebSocketMessage] = []
    var pongs: [String] = []
    var end: WebSocketError.Code
    /// The code in our close frame; nil for none, 1005 for a close frame without a code.
    var answer: UInt16?

    static let maximumMessageSize = 4096

    var testDescription: String { name }

    func bytes(from sender: WebSocketRole) -> [UInt8] {
        let bytes = frames.bytes(from: sender)
        return cutTo.map { Array(bytes[..<$0]) } ?? bytes
    }

    // MARK: What must happen

    static func violation(
        _ name: String,
        _ frames: [TestFrame],
        _ code: UInt16 = 1002,
        messages: [WebSocketMessage] = [],
        cutTo: Int? = nil
    ) -> Self {
        let end = WebSocketError.Code.protocolViolation(WebSocketCloseCode(rawValue: code))
        return Self(name: name, frames: frames, cutTo: cutTo, messages: messages, end: end, answer: code)
    }

    /// Followed by a close frame of 1000.
    static func fine(_ name: String, _ frames: [TestFrame], messages: [WebSocketMessage], pongs: [String] = []) -> Self {
        Self(name: name, frames: frames + [.close(1000)], messages: messages, pongs: pongs, end: .closed(.normal), answer: 1000)
    }

    static func broken(_ name: String, _ frames: [TestFrame], cutTo: Int? = nil, messages: [WebSocketMessage] = []) -> Self {
        Self(name: name, frames: frames, cutTo: cutTo, endsConnection: true, messages: messages, end: .closed(nil))
    }

    // MARK: The tables, after the sections of RFC 6455

    static let all = base + masking + lengths + fragmentation + control + utf8 + closing + endings

    /// 5.2: reserved bits and opcodes.
    static let base: [Self] =
        [0x40, 0x20, 0x10, 0x70].map { (bits: UInt8) in
            .violation("reserved bits \(bits) of a text", [TestFrame(firstByte: 0x81 | bits, payload: [0x61])])
        }
        + [
            .violation("a reserved bit of a ping", [TestFrame(firstByte: 0xC9, payload: [])]),
            .violation("a reserved bit of a close frame", [TestFrame(firstByte: 0xA8, payload: [])]),
            .violation("a reserved bit of a continuation", [.text("a", final: false), TestFrame(firstByte: 0x90, payload: [])]),
        ]
        + ([0x3, 0x4, 0x5, 0x6, 0x7, 0xB, 0xC, 0xD, 0xE, 0xF] as [UInt8]).map { opcode in
            .violation(
                "reserved opcode \(opcode)",
                [.text("before"), TestFrame(firstByte: 0x80 | opcode, payload: [1])],
                messages: [.text("before")]
            )
        }

    /// 5.1: a server refuses unmasked frames, a client masked ones.
    static let masking: [Self] =
        [TestFrame.text("hello"), .binary([1]), .ping(""), .pong("x"), .close(1000)].map { frame in
            var frame = frame
            frame.isMaskedWrongly = true
            return .violation("wrong masking of frame \(frame.firstByte)", [frame])
        }

    /// 5.2: lengths are in their shortest form, and have 63 bits.
    static let lengths: [Self] = [
        .fine("125 bytes", [.binary(bytes(125))], messages: [.binary(bytes(125))]),
        .fine("126 bytes", [.binary(bytes(126))], messages: [.binary(bytes(126))]),
        .fine("an empty text and an empty binary", [.text(""), .binary([])], messages: [.text(""), .binary([])]),
        .fine("the largest message", [.binary(bytes(4096))], messages: [.binary(bytes(4096))]),
        .violation("a byte too many", [.binary(bytes(4097))], 1009),
        .violation("a byte too many in fragments", [.binary(bytes(4096), final: false), .continuation([1])], 1009),
        .violation(
            "too much in many fragments",
            [.text("", final: false)] + (0..<42).map { _ in .continuation(bytes(100), final: false) },
            1009
        ),
        .violation("a declared length of 5 GiB and nothing more", [claiming(5 << 30)], 1009),
        .violation("a declared length of 2^63 - 1", [claiming(.max >> 1)], 1009),
        .violation("a length with its highest bit set", [claiming(1 << 63)]),
        .violation("a length of 2^64 - 1", [claiming(.max)]),
        .violation("5 bytes with a length of two bytes", [long("hello", .word)]),
        .violation("5 bytes with a length of eight bytes", [long("hello", .quad)]),
        .violation("300 bytes with a length of eight bytes", [long(String(repeating: "x", count: 300), .quad)]),
    ]

    /// 5.4
    static let fragmentation: [Self] = [
        .fine(
            "fragments with control frames between",
            [.text("He", final: false), .ping("one"), .continuation("ll", final: false), .pong("unasked"), .ping(""), .continuation("o")],
            messages: [.text("Hello")],
            pongs: ["one", ""]
        ),
        .fine("empty fragments", [.text("", final: false), .continuation("", final: false), .continuation("a")], messages: [.text("a")]),
        .fine(
            "two fragmented messages after one another",
            [.binary([1], final: false), .continuation([2]), .text("a", final: false), .continuation("b")],
            messages: [.binary([1, 2]), .text("ab")]
        ),
        .violation("a continuation of nothing", [.continuation("a")]),
        .violation("an unfinished continuation of nothing", [.continuation("a", final: false)]),
        .violation(
            "a continuation after the end",
            [.text("a", final: false), .continuation("b"), .continuation("c")],
            messages: [.text("ab")]
        ),
        .violation("a text inside a text", [.text("a", final: false), .text("b")]),
        .violation("a binary inside a text", [.text("a", final: false), .binary([1])]),
        .violation("a text inside a binary", [.binary([1], final: false), .text("b", final: false)]),
        Self(
            name: "a close frame inside a message",
            frames: [.text("a", final: false), .close(1001)],
            end: .closed(.goingAway),
            answer: 1001
        ),
    ]

    /// 5.5
    static let control: [Self] = [
        .fine(
            "a ping of 125 bytes",
            [.ping(String(repeating: "p", count: 125))],
            messages: [],
            pongs: [String(repeating: "p", count: 125)]
        ),
        .fine("pings and pongs alone", [.ping("a"), .pong("b"), .ping("c")], messages: [], pongs: ["a", "c"]),
        .violation("a ping of 126 bytes", [.ping(String(repeating: "p", count: 126))]),
        .violation("a pong of 126 bytes", [.pong(String(repeating: "p", count: 126))]),
        .violation("a close frame of 126 bytes", [.close(1000, String(repeating: "r", count: 124))]),
        .violation("a fragmented ping", [TestFrame(firstByte: 0x09, payload: [1]), .continuation([2])]),
        .violation("a fragmented close frame", [TestFrame(firstByte: 0x08, payload: [3, 232])]),
    ]

    /// 8.1, and 5.6: whole messages count, and the first impossible byte ends it.
    static let utf8: [Self] =
        [
            .fine("characters of every length", [.text("aß€😀")], messages: [.text("aß€😀")]),
            .fine("the last character of Unicode", [.text(bytes: [0xF4, 0x8F, 0xBF, 0xBF])], messages: [.text("\u{10FFFF}")]),
            .fine("a NUL", [.text(bytes: [0])], messages: [.text("\0")]),
            .fine(
                "a character cut by fragments and a ping",
                [.text(bytes: [0xF0, 0x9F], final: false), .ping("p"), .continuation([0x98], final: false), .continuation([0x80])],
                messages: [.text("😀")],
                pongs: ["p"]
            ),
            .fine("binary that is no UTF-8", [.binary([0xFF, 0xC0])], messages: [.binary([0xFF, 0xC0])]),
            .violation("an unfinished character at the end", [.text(bytes: [0x61, 0xE2, 0x82])], 1007),
            .violation("an unfinished character at the end of fragments", [.text("a", final: false), .continuation([0xC3])], 1007),
            .violation("bad bytes in the first of fragments, of which no more come", [.text(bytes: [0x61, 0xFF], final: false)], 1007),
            .violation(
                "bad bytes in a later fragment",
                [.text(bytes: [0xE2], final: false), .continuation([0x28, 0xA1], final: false)],
                1007
            ),
            .violation("bad bytes in a frame of which the rest never comes", [.text(bytes: [0xFF] + bytes(500))], 1007, cutTo: 20),
        ]
        + ([
            [0x80], [0xBF, 0x61], [0xC0, 0xAF], [0xC1, 0xBF], [0xE0, 0x80, 0xAF], [0xED, 0xA0, 0x80], [0xED, 0xBF, 0xBF],
            [0xF0, 0x80, 0x80, 0xAF], [0xF4, 0x90, 0x80, 0x80], [0xF5, 0x80, 0x80, 0x80], [0xFE], [0xC3, 0x28],
        ] as [[UInt8]]).map { .violation("text of \($0)", [.text(bytes: $0)], 1007) }

    /// 5.5.1 and 7.4
    static let closing: [Self] =
        ([1000, 1001, 1002, 1003, 1007, 1008, 1009, 1010, 1011, 1012, 1013, 1014, 3000, 3999, 4000, 4999] as [UInt16]).map { code in
            Self(
                name: "close code \(code)",
                frames: [.close(code, "because")],
                end: .closed(WebSocketCloseCode(rawValue: code)),
                answer: code
            )
        }
        + ([0, 1, 999, 1004, 1005, 1006, 1015, 1016, 1100, 2000, 2999, 5000, 65_535] as [UInt16]).map {
            .violation("close code \($0)", [.close($0)])
        }
        + [
            Self(name: "a close frame without a code", frames: [.close], end: .closed(.noStatus), answer: 1005),
            .violation("a close frame of one byte", [TestFrame(firstByte: 0x88, payload: [3])]),
            .violation("a close reason that is not UTF-8", [TestFrame(firstByte: 0x88, payload: [3, 232, 0xFF])], 1007),
            .violation("a close reason with half a character", [TestFrame(firstByte: 0x88, payload: [3, 232, 0xE2, 0x82])], 1007),
            Self(
                name: "data, a ping and another close frame after the close frame",
                frames: [.text("a"), .close(1000), .text("b"), .ping("c"), .close(4000), TestFrame(firstByte: 0xFF, payload: [1])],
                messages: [.text("a")],
                end: .closed(.normal),
                answer: 1000
            ),
        ]

    /// 7.1.7: connections that end without a close frame.
    static let endings: [Self] = [
        .broken("nothing at all", []),
        .broken("a message, and no close frame", [.text("a")], messages: [.text("a")]),
        .broken("half a header", [.text("hello")], cutTo: 1),
        .broken("a header without its payload", [.text("hello")], cutTo: 2),
        .broken("half a long length", [.binary(bytes(300))], cutTo: 3),
        .broken("half a payload", [.text("before"), .binary(bytes(300))], cutTo: 60, messages: [.text("before")]),
        .broken("half a message", [.text("a", final: false)]),
        .broken("half a close frame", [.close(1000, "because")], cutTo: 8),
    ]

    private static func bytes(_ count: Int) -> [UInt8] { (0..<count).map { UInt8($0 % 128) } }
    private static func claiming(_ length: UInt64) -> TestFrame {
        TestFrame(firstByte: 0x82, payload: [1, 2, 3], lengthForm: .claimed(length))
    }
    private static func long(_ text: String, _ form: TestFrame.LengthForm) -> TestFrame {
        TestFrame(firstByte: 0x81, payload: Array(text.utf8), lengthForm: form)
    }
}
