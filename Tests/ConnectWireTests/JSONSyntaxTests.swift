import ConnectWire
import FoundationEssentials
import Testing

@Suite("The grammar of JSON")
struct JSONSyntaxTests {
    private func problem(_ bytes: [UInt8]) -> String? {
        do throws(JSONSyntaxError) {
            try JSONSyntax.check(bytes)
            return nil
        } catch {
            return error.description
        }
    }

    @Test(
        "What RFC 8259 allows is taken, half a surrogate pair among it",
        arguments: [
            "{}", "[]", "null", "true", "false", "0", "-0", "1.5e-300", "1e999999", "12345678901234567890", #""""#,
            #""a\n\"\\\/\b\f\r\tA""#,
            " \t\r\n[ 1 , 2 ] \n", #"{"a":{"b":[{},[],null]},"":0}"#, #""😀 é / DEL \#u{7F}""#, #""\ud83d\ude00""#,
            #"{"a":1,"A":2}"#, #""\ud83d""#, #""a\uDE00b""#, #""\ud83d\u0041""#,
        ]
    )
    func takes(text: String) {
        #expect(problem(Array(text.utf8)) == nil)
    }

    @Test(
        "What Foundation's decoder takes besides is refused, with the place",
        arguments: [
            ("", "the text ends too early (byte 0)"), ("[1,]", "a value is missing (byte 3)"),
            (#"{"a":1,}"#, "a name in quotes is missing (byte 7)"), ("[,1]", "a value is missing (byte 1)"),
            ("[1 2]", "',' or a closing bracket is missing (byte 3)"), ("[1", "the text ends too early (byte 2)"),
            ("{} {}", "something stands after the end of the value (byte 3)"),
            ("{}]", "something stands after the end of the value (byte 2)"),
            ("01", "something stands after the end of the value (byte 1)"), ("-", "the text ends too early (byte 1)"),
            ("1.", "the text ends too early (byte 2)"), (".5", "a value is missing (byte 0)"), ("+1", "a value is missing (byte 0)"),
            ("[1.e5]", "a number lacks a digit (byte 3)"), ("[1e]", "a number lacks a digit (byte 3)"),
            ("[--1]", "a number lacks a digit (byte 2)"), (#"{"x":1.2.3}"#, "',' or a closing bracket is missing (byte 8)"),
            ("NaN", "a value is missing (byte 0)"), ("Infinity", "a value is missing (byte 0)"),
            ("0x10", "something stands after the end of the value (byte 1)"),
            ("nul", "the text ends too early (byte 3)"), ("[True]", "a value is missing (byte 1)"),
            ("[tru]", "a word other than true, false and null must be in quotes (byte 4)"),
            ("/* a */ {}", "a value is missing (byte 0)"), ("{} // a", "something stands after the end of the value (byte 3)"),
            ("{a:1}", "a name in quotes is missing (byte 1)"), ("{'a':1}", "a name in quotes is missing (byte 1)"),
            (#"{"a" 1}"#, "':' is missing after a name (byte 5)"), (#"{"a":}"#, "a value is missing (byte 5)"),
            (#"{"a":1,"b":2,"a":3}"#, "an object has this name twice (byte 13)"),
            (#"{"a":1,"\u0061":2}"#, "an object has this name twice (byte 7)"),
            (#""a"#, "the text ends too early (byte 2)"),
            ("\"\u{1}\"", "a control character in a string must be written as an escape (byte 1)"),
            ("\"\n\"", "a control character in a string must be written as an escape (byte 1)"),
            ("\"\0\"", "a control character in a string must be written as an escape (byte 1)"),
            ("{}\0", "something stands after the end of the value (byte 2)"),
            (#""\x""#, "there is no such escape (byte 2)"), (#""\u12g4""#, "\\u needs four hexadecimal digits (byte 3)"),
            (#""\u+123""#, "\\u needs four hexadecimal digits (byte 3)"), (#""\u12"#, "\\u needs four hexadecimal digits (byte 3)"),
            (#""\"#, "the text ends too early (byte 2)"),
            ("\u{FEFF}{}", "a value is missing (byte 0)"), ("\u{A0}{}", "a value is missing (byte 0)"),
        ]
    )
    func refuses(text: String, expected: String) {
        #expect(problem(Array(text.utf8)) == expected)
    }

    @Test("A name is the same however it is written, also with half a surrogate pair")
    func names() {
        #expect(problem(Array(#"{"\ud83d":1,"\ufffd":2}"#.utf8)) == "an object has this name twice (byte 12)")
        #expect(problem(Array(#"{"\ud83d\ude00":1,"\ud83d\ude01":2}"#.utf8)) == nil)
    }

    @Test(
        "Bytes that are no UTF-8 are refused, UTF-16 among them",
        arguments: [
            [0x22, 0xFF, 0x22], [0x22, 0xC0, 0x80, 0x22], [0x22, 0xED, 0xA0, 0x80, 0x22], [0x7B, 0x7D, 0x80], [0xFF, 0xFE, 0x7B, 0x00],
        ] as [[UInt8]]
    )
    func notUTF8(bytes: [UInt8]) {
        #expect(problem(bytes) == "the text is not UTF-8")
        #expect(problem([0x7B, 0x00, 0x7D, 0x00]) == "a name in quotes is missing (byte 1)")
    }

    @Test("It nests 128 levels deep, and costs no stack beyond", arguments: [("[", "]"), (#"{"a":"#, "}")])
    func depth(open: String, close: String) throws {
        func nested(_ depth: Int) -> String { String(repeating: open, count: depth) + "0" + String(repeating: close, count: depth) }
        #expect(problem(Array(nested(128).utf8)) == nil)
        #expect(problem(Array(nested(129).utf8))?.contains("more than 128 levels deep") == true)
        #expect(problem(Array(String(repeating: open, count: 100_000).utf8))?.contains("more than 128 levels deep") == true)
    }
}
