import BotHost
import Testing

@Suite("Long messages")
struct MessageSplitterTests {
    @Test(
        "A text is cut at a white space, and never within a character",
        arguments: [
            ("", []),
            ("  \n ", []),
            ("short", ["short"]),
            ("exactly10c", ["exactly10c"]),
            ("one two three", ["one two", "three"]),
            ("one two t\nhree", ["one two t", "hree"]),
            ("0123456789 x", ["0123456789", "x"]),
            ("0123456789abcdefghijk", ["0123456789", "abcdefghij", "k"]),
            ("a 0123456789abc", ["a", "0123456789", "abc"]),
            (" 0123456789abc", [" 012345678", "9abc"]),
            ("12345678 e\u{301}x", ["12345678", "e\u{301}x"]),
            ("123456789e\u{301}x", ["123456789", "e\u{301}x"]),
            ("👨‍👩‍👧👨‍👩‍👧x", ["👨‍👩‍👧👨‍👩‍👧", "x"]),
            ("12345678👨‍👩‍👧", ["12345678", "👨‍👩‍👧"]),
            ("日本語日本語日本語日本語", ["日本語日本語日本語日", "本語"]),
            ("a\r\nb\r\nc\r\nd\r\ne", ["a\r\nb\r\nc\r\nd", "e"]),
            ("ab https://x.y/z ab", ["ab", "https://x.", "y/z ab"]),
            ("語語https://a", ["語語", "https://a"]),
            ("語[a b](c) d", ["語[a b](c)", "d"]),
            ("ab cd [e](f)", ["ab cd", "[e](f)"]),
            ("[a b](c d) e f", ["[a b](c d)", "e f"]),
            ("語語語語語[a](http://x)", ["語語語語語", "[a](", "http://x)"]),
            ("[a](b)[c](d)", ["[a](b)", "[c](d)"]),
            ("012345678\\*9", ["012345678", "\\*9"]),
            (
                "e" + String(repeating: "\u{301}", count: 12),
                ["e" + String(repeating: "\u{301}", count: 9), String(repeating: "\u{301}", count: 3)]
            ),
        ]
    )
    func split(text: String, pieces: [String]) {
        #expect(MessageSplitter.split(text, limit: 10) == pieces)
        #expect(MessageSplitter.split(text, limit: 10).allSatisfy { $0.unicodeScalars.count <= 10 })
    }
}
