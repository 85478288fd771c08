import Testing

@testable import attache

@Suite("Keys out of a terminal's bytes")
struct KeyReaderTests {
    private typealias Key = KeyReader.Key

    private static func keys(_ parts: [String], givingUp: Bool = false) -> [KeyReader.Key] {
        var reader = KeyReader()
        var keys: [KeyReader.Key] = []
        for part in parts {
            reader.feed(part.utf8)
            if givingUp { reader.giveUpWaiting() }
            while let key = reader.next() { keys.append(key) }
        }
        return keys
    }

    @Test(
        "Characters and pastes, however their bytes arrive",
        arguments: [
            ("aé你👋", ["a", "é", "你", "👋"]),
            ("\u{1b}[A", ["\u{1b}", "[", "A"]),
            ("x\u{1b}[200~one\r\ntwo\rthree\n\u{1b}[201~y", ["x", "<one\ntwo\nthree>", "y"]),
            ("\u{1b}[200~tab\there \u{1b}[31mred\u{7}\u{1b}[201~", ["<tab    here [31mred>"]),
            ("\u{1b}[200~\u{1b}[201~", ["<>"]),
        ]
    )
    func reading(_ text: String, _ expected: [String]) {
        func words(_ keys: [KeyReader.Key]) -> [String] {
            keys.map { key in
                switch key {
                case .character(let value): Unicode.Scalar(value).map(String.init) ?? "?"
                case .paste(let text): "<\(text)>"
                }
            }
        }
        #expect(words(Self.keys([text])) == expected)
        var reader = KeyReader()
        var keys: [KeyReader.Key] = []
        for byte in text.utf8 {
            reader.feed([byte])
            while let key = reader.next() { keys.append(key) }
        }
        #expect(words(keys) == expected)
    }

    @Test("What could be the beginning of a paste is taken as it is when nothing follows")
    func escape() {
        #expect(Self.keys(["\u{1b}"]).isEmpty)
        #expect(Self.keys(["\u{1b}"], givingUp: true) == [.character(0x1b)])
        #expect(Self.keys(["\u{1b}[2"], givingUp: true) == [.character(0x1b), .character(0x5b), .character(0x32)])
    }

    @Test("Bytes that are no UTF-8 are shown as such, and cost nothing else")
    func broken() {
        var reader = KeyReader()
        reader.feed([0xff, 0x61, 0xe4, 0xbd])
        #expect(reader.next() == .character(0xfffd))
        #expect(reader.next() == .character(0x61))
        #expect(reader.next() == nil)
        reader.giveUpWaiting()
        #expect(reader.next() == .character(0xfffd))
    }

    @Test("A paste without an end is bounded")
    func endless() {
        var reader = KeyReader()
        reader.feed("\u{1b}[200~".utf8)
        for _ in 0..<40 {
            reader.feed(Array(repeating: 0x61, count: 100_000))
            #expect(reader.next() == nil)
        }
        reader.feed("\u{1b}[201~".utf8)
        guard case .paste(let text)? = reader.next() else {
            Issue.record("there is no paste")
            return
        }
        #expect(text.utf8.count == 1 << 20)
    }
}
