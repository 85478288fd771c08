import ActionKit
import Testing

@Suite("Parsing JSON")
struct JSONParsingTests {
    @Test(
        "Valid texts are read",
        arguments: [
            ("null", JSON.null),
            (" \t\r\n true ", true),
            ("false", false),
            ("0", 0),
            ("-12", -12),
            (#""""#, ""),
            (#""\"\\\/\b\f\n\r\t""#, "\"\\/\u{8}\u{C}\n\r\t"),
            (#""\u0041\u00e9\u4F60""#, "Aé你"),
            (#""\uD83D\uDE00""#, "😀"),
            (#""\u0000""#, "\0"),
            ("\"\u{7F}\u{2028}👨‍👩‍👧 שלום\"", "\u{7F}\u{2028}👨‍👩‍👧 שלום"),
            ("[]", []),
            ("[ ]", []),
            ("{ }", [:]),
            ("[1,[2,[]],{}]", [1, [2, []], [:]]),
            (#"{"a":{"b":[null]},"":0}"#, ["a": ["b": [.null]], "": 0]),
        ] as [(String, JSON)]
    )
    func valid(text: String, value: JSON) throws {
        #expect(try JSON(parsing: text) == value)
    }

    @Test(
        "Texts that are not JSON are refused with the place and the reason",
        arguments: [
            ("", 0, "the text ends where a value should be"),
            ("  ", 2, "the text ends where a value should be"),
            ("nul", 3, "the text ends in place of 'null'"),
            ("nulL", 3, "found 'L' in place of 'null'"),
            ("True", 0, "found 'T' where a value should be"),
            ("1 2", 2, "found '2' after the end of the value"),
            ("{} x", 3, "found 'x' after the end of the value"),
            ("[1,2", 4, "the text ends where ',' or ']' should be"),
            ("[1,]", 3, "found ']' where a value should be"),
            ("[,1]", 1, "found ',' where a value should be"),
            ("[1}", 2, "found '}' where ',' or ']' should be"),
            ("{", 1, "the text ends where a key in quotes should be"),
            ("{a:1}", 1, "found 'a' where a key in quotes should be"),
            (#"{"a" 1}"#, 5, "found '1' where ':' should be"),
            (#"{"a":1,}"#, 7, "found '}' where a key in quotes should be"),
            (#"{"a":1,"a":2}"#, 7, #"the key "a" appears twice"#),
            (#"{"a":1,"\u0061":2}"#, 7, #"the key "a" appears twice"#),
            (#""abc"#, 0, "this string is not closed"),
            (#"["abc\"]"#, 1, "this string is not closed"),
            ("\"a\u{1}\"", 2, "a control character in a string must be written as an escape"),
            ("\"a\nb\"", 2, "a control character in a string must be written as an escape"),
            ("\"\0\"", 1, "a control character in a string must be written as an escape"),
            (#""\x""#, 1, #"an escape must be one of \" \\ \/ \b \f \n \r \t \uXXXX"#),
            (#""\u12G4""#, 5, "found 'G' where \\u needs four hexadecimal digits"),
            (#""\u123"#, 6, "the text ends where \\u needs four hexadecimal digits"),
            (#""\uD800""#, 1, "half of a surrogate pair without the other half"),
            (#""\uDC00\uD800""#, 1, "half of a surrogate pair without the other half"),
            (#""\uD800\u0041""#, 1, "half of a surrogate pair without the other half"),
            (#""\uD800\n""#, 1, "half of a surrogate pair without the other half"),
            ("01", 1, "a number must not begin with 0"),
            ("-", 1, "a number needs a digit here"),
            ("-a", 1, "a number needs a digit here"),
            ("1.", 2, "a number needs a digit after the point"),
            ("1.e5", 2, "a number needs a digit after the point"),
            ("1e", 2, "a number needs a digit in the exponent"),
            ("1e+", 3, "a number needs a digit in the exponent"),
            ("+1", 0, "found '+' where a value should be"),
            (".5", 0, "found '.' where a value should be"),
            ("NaN", 0, "found 'N' where a value should be"),
            ("-Infinity", 1, "a number needs a digit here"),
            ("0x10", 1, "found 'x' after the end of the value"),
            ("'a'", 0, "found ''' where a value should be"),
            ("// no\n1", 0, "found '/' where a value should be"),
            ("\u{FEFF}1", 0, "the text begins with a byte order mark, which JSON does not allow"),
            ("\u{A0}1", 0, "found the byte 0xC2 where a value should be"),
            ("1\0", 1, "found the byte 0x0 after the end of the value"),
        ]
    )
    func invalid(text: String, offset: Int, problem: String) throws {
        let error = try #require(throws: JSONError.self) { try JSON(parsing: text) }
        #expect(error.offset == offset)
        #expect(error.problem == problem)
        #expect("\(error)" == "not valid JSON at byte \(offset): \(problem)")
    }

    @Test(
        "Bytes that are not UTF-8 are refused where they stand",
        arguments: [
            ([0x22, 0xFF, 0x22], 1),
            ([0x22, 0x61, 0xC3, 0x22], 2),  // cut short
            ([0x22, 0xC0, 0x80, 0x22], 1),  // overlong NUL
            ([0x22, 0xED, 0xA0, 0x80, 0x22], 1),  // a surrogate
            ([0x22, 0xF4, 0x90, 0x80, 0x80, 0x22], 1),  // above U+10FFFF
            ([0x22, 0x5C, 0x6E, 0xE2, 0x82, 0x22], 3),  // after an escape
            ([0xFE, 0xFF, 0x00, 0x31], 0),  // UTF-16
            ([0x5B, 0x80, 0x5D], 1),
        ] as [([UInt8], Int)]
    )
    func badUTF8(bytes: [UInt8], offset: Int) throws {
        let error = try #require(throws: JSONError.self) { try JSON(parsing: bytes) }
        #expect(error.offset == offset)
    }

    @Test("Nesting is allowed to the limit and no deeper", arguments: ["[]", "{}"])
    func depth(brackets: String) throws {
        func nested(_ depth: Int) -> String {
            let opening = brackets == "[]" ? "[" : #"{"a":"#
            let closing = brackets == "[]" ? "]" : "}"
            return String(repeating: opening, count: depth - 1) + brackets + String(repeating: closing, count: depth - 1)
        }
        #expect(throws: Never.self) { try JSON(parsing: nested(128)) }
        #expect(throws: JSONError.self) { try JSON(parsing: nested(129)) }
        #expect(throws: JSONError.self) { try JSON(parsing: "[[1]]", limits: JSONLimits(depth: 1)) }
        #expect(throws: Never.self) { try JSON(parsing: "[[1],[2],[3]]", limits: JSONLimits(depth: 2)) }
    }

    @Test("A million brackets cost an error, not the stack, whatever depth is asked for")
    func hostileDepth() throws {
        for text in ["[", #"{"a":"#] {
            let error = try #require(throws: JSONError.self) {
                try JSON(parsing: String(repeating: text, count: 1_000_000), limits: JSONLimits(depth: .max))
            }
            #expect(error.problem == "nested more than 512 levels deep")
        }
    }

    @Test("A text above the limit in bytes is refused whole")
    func size() throws {
        #expect(try JSON(parsing: "\"é\"", limits: JSONLimits(bytes: 4)) == "é")
        let error = try #require(throws: JSONError.self) { try JSON(parsing: "\"éa\"", limits: JSONLimits(bytes: 4)) }
        #expect(error.problem == "the text has 5 bytes; at most 4 are accepted")
    }

    @Test("Every prefix of a text, and every text with one byte broken, is an error or a value, never a crash")
    func mutilated() throws {
        let text = Array(#"{"a":[1.5e-3,"\uD83D\uDE00é",true,null],"b":{"c":-0}}"#.utf8)
        for length in text.indices {
            #expect(throws: JSONError.self) { try JSON(parsing: text.prefix(length)) }
        }
        for index in text.indices {
            for byte: UInt8 in [0x00, 0x22, 0x5B, 0x5C, 0x7D, 0x80, 0xC3, 0xFF] {
                var broken = text
                broken[index] = byte
                guard let value = try? JSON(parsing: broken) else { continue }
                #expect(try JSON(parsing: value.serialized()) == value)
            }
        }
    }
}
