import ActionKit
import Actions
import Testing

@Suite("Files of documents")
struct FileTests {
    @Test(
        "A name gets the format's extension where it has none",
        arguments: [
            ("a", "txt", "a.txt"), ("a.txt", "txt", "a.txt"), ("a.TXT", "txt", "a.TXT"), ("a.csv", "txt", "a.csv.txt"),
            ("a", "csv", "a.csv"),
            ("v1.2", "txt", "v1.2.txt"), ("txt", "txt", "txt.txt"), ("..", "txt", "...txt"), ("صورة", "csv", "صورة.csv"),
            (String(repeating: "😀", count: 252), "txt", String(repeating: "😀", count: 252) + ".txt"),
        ]
    )
    func names(name: String, format: String, expected: String) async throws {
        let result = try await call("transcript", ["name": .string(name), "format": .string(format)])
        #expect(result.files.map(\.name) == [expected])
    }

    @Test(
        "A name that the service or a receiver cannot take is refused with the rule",
        arguments: [
            ("", #"the file name "" is empty; give it at least one character"#),
            (" \u{3000}", "the file name \" \u{3000}\" is empty; give it at least one character"),
            ("a/b", #"the file name "a/b" contains '/'; it is a name, not a path"#),
            (#"..\b"#, #"the file name "..\\b" contains '\'; it is a name, not a path"#),
            ("a\0b", #"the file name "a\u0000b" contains the control character U+0000, which no file name may"#),
            ("a\nb", #"the file name "a\nb" contains the control character U+000A, which no file name may"#),
            ("a\u{85}", "the file name \"a\u{85}\" contains the control character U+0085, which no file name may"),
            ("a\u{2028}", "the file name \"a\u{2028}\" contains the control character U+2028, which no file name may"),
            (
                "a\u{202E}txt.exe",
                "the file name \"a\u{202E}txt.exe\" contains U+202E, which would show the name in another order than it has"
            ),
            (
                String(repeating: "x", count: 253),
                "the file name \"\(String(repeating: "x", count: 80))\" has 257 characters with its extension; the service takes 1 to 256"
            ),
        ]
    )
    func refused(name: String, reason: String) async throws {
        let error = await #expect(throws: ActionError.self) { try await call("transcript", ["name": .string(name)]) }
        #expect(error?.reason == reason)
    }

    @Test(
        "A cell that a spreadsheet would run is marked as text, and others come through",
        arguments: [
            ("=1+1", "'=1+1"), ("+1", "'+1"), ("-1", "'-1"), ("@SUM(1)", "'@SUM(1)"), ("  =1", "'  =1"), ("\u{A0}=1", "'\u{A0}=1"),
            ("\u{FEFF}=1", "'\u{FEFF}=1"), ("＝1", "'＝1"), ("\tx", "\"'\tx\""), ("\rx", "\"'\rx\""), ("\n=1", "\"\n'=1\""),
            ("a;=1", "\"a;'=1\""), ("a\t=1", "\"a\t'=1\""), ("a\r\n =1", "\"a\r\n' =1\""), ("\"=1\"", "\"\"\"=1\"\"\""), ("a=1", "a=1"),
            ("1-1", "1-1"), ("", ""), ("a,b", "\"a,b\""), ("say \"hi\"", "\"say \"\"hi\"\"\""), (" a ", "\" a \""), ("a;b", "\"a;b\""),
            ("\0=1", "␀=1"), ("مرحبا", "مرحبا"), ("👨‍👩‍👧", "👨‍👩‍👧"), ("'=1", "'=1"),
        ]
    )
    func cells(text: String, cell: String) async throws {
        let entry = TranscriptEntry(id: "i", time: noon, kind: .message, text: text)
        let file = try #require(try await call("transcript", ["format": "csv"], transcript: [entry]).files.first)
        #expect(file.text.unicodeScalars.elementsEqual("\(header)\r\n2026-01-02T10:11:12.345Z,i,MESSAGE,,,,\(cell),,,,\r\n".unicodeScalars))
    }

    private let header = "time,id,kind,role,name,content_type,text,attachment_id,attachment_name,attachment_type,attachment_status"
}
