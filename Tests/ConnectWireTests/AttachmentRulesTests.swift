import ConnectWire
import Testing

@Suite("Attachment rules")
struct AttachmentRulesTests {
    private let rules = AttachmentRules.documented

    @Test(
        "Every documented kind of file is taken, with the type that its name asks for",
        arguments: [
            "csv", "doc", "docx", "heic", "jfif", "jpeg", "jpg", "mov", "mp4", "pdf", "png", "ppt", "pptx", "rtf", "txt", "wav", "xls",
            "xlsx",
        ]
    )
    func takes(fileExtension: String) throws {
        let name = "file.\(fileExtension)"
        let type = try #require(rules.contentType(forName: name))
        #expect(rules.check(name: name, contentType: type, size: 1) == nil)
        #expect(rules.contentType(forName: name.uppercased()) == type)
    }

    @Test("The documented limits")
    func limits() {
        #expect(rules.maximumSize == 20 * 1024 * 1024)
        #expect(rules.maximumCount == 35)
        #expect(rules.contentTypes.count == 18)
    }

    @Test(
        "Names of any script are taken",
        arguments: [
            "إيصال.txt", "收据.txt", "🧾.txt", "קבלה 1001.txt", "a b (1).txt", "é.txt", "e\u{301}.TXT", "\u{200F}قائمة.txt", "a.b.c.txt",
            ".x.txt",
            "a'b\"c;d=e%20.txt", "-.txt",
        ]
    )
    func takesNames(name: String) {
        #expect(rules.check(name: name, contentType: "text/plain", size: 1) == nil)
    }

    @Test(
        "Other kinds of file are refused by their names",
        arguments: [
            "a.zip", "a.json", "a.md", "a.gif", "a.html", "a.exe", "a.txt.exe", "a", "txt", ".txt", ".pdf", "a.", "a.txt ", "a.t xt",
            "a.txt.", "...",
        ]
    )
    func refusesKinds(name: String) {
        #expect(rules.contentType(forName: name) == nil)
        let violation = rules.check(name: name, contentType: "text/plain", size: 1)
        #expect(violation == .fileType(name: name, allowed: rules.contentTypes.keys.sorted()))
    }

    @Test(
        "A name is 1 to 256 characters, counted as code points",
        arguments: [(0, false), (1, true), (252, true), (253, false), (5000, false)]
    )
    func nameLength(count: Int, isTaken: Bool) {
        let name = count == 0 ? "" : String(repeating: "é", count: count) + ".txt"
        let violation = rules.check(name: name, contentType: "text/plain", size: 1)
        #expect(violation == (isTaken ? nil : .nameLength(count == 0 ? 0 : count + 4)))
        // One character to the reader, two code points to the service.
        let decomposed = String(repeating: "e\u{301}", count: 127) + ".txt"
        #expect(rules.check(name: decomposed, contentType: "text/plain", size: 1) == .nameLength(258))
    }

    @Test("A name has no path and no control characters", arguments: ["/", "\\", "\0", "\n", "\r", "\t", "\u{7F}", "\u{85}", "\u{1B}"])
    func nameCharacters(character: Unicode.Scalar) {
        #expect(rules.check(name: "a\(character)b.txt", contentType: "text/plain", size: 1) == .nameCharacter(character))
        // Also where Swift sees one character of two code points.
        #expect(rules.check(name: "\r\n.txt", contentType: "text/plain", size: 1) == .nameCharacter("\r"))
    }

    @Test("A file has at least a byte and at most 20 MiB")
    func sizes() {
        func violation(_ size: Int64) -> AttachmentRuleViolation? { rules.check(name: "a.txt", contentType: "text/plain", size: size) }
        let limit = rules.maximumSize
        #expect(violation(0) == .empty)
        #expect(violation(-1) == .empty)
        #expect(violation(1) == nil)
        #expect(violation(limit) == nil)
        #expect(violation(limit + 1) == .tooLarge(size: limit + 1, limit: limit))
        #expect(violation(.max) == .tooLarge(size: .max, limit: limit))
    }

    @Test(
        "The extension decides, whatever content type the client's platform has for it",
        arguments: [
            ("a.csv", "application/octet-stream"), ("a.csv", "application/vnd.ms-excel"), ("a.wav", "audio/x-wav"), ("a.wav", "audio/wave"),
            ("a.rtf", "text/rtf"), ("a.jpg", "image/jpg"), ("a.heic", "image/heif"), ("a.pdf", "text/plain"), ("a.txt", "text"),
            ("a.txt", ";"), ("a.txt", "text/plain; x=\(String(repeating: "y", count: 241))"),
        ]
    )
    func takesContentTypes(name: String, contentType: String) {
        #expect(rules.check(name: name, contentType: contentType, size: 1) == nil)
    }

    @Test("A content type has 1 to 255 characters, all of which a header may have")
    func refusesContentTypes() {
        func violation(_ contentType: String) -> AttachmentRuleViolation? { rules.check(name: "a.txt", contentType: contentType, size: 1) }
        #expect(violation("") == .contentTypeLength(0))
        #expect(violation(String(repeating: "x", count: 255)) == nil)
        #expect(violation(String(repeating: "x", count: 256)) == .contentTypeLength(256))
        #expect(violation("text/plain\r\nX-Amz-Acl: public-read") == .contentTypeCharacter("\r"))
        #expect(violation("text/pl\u{E4}in") == .contentTypeCharacter("\u{E4}"))
        #expect(violation("text/plain\0") == .contentTypeCharacter("\0"))
    }

    @Test(
        "By the strict reading, a file has the content type of its extension; parameters after it do not count",
        arguments: [
            ("text/plain", true), ("TEXT/Plain", true), ("text/plain;charset=utf-8", true), ("text/plain ; charset=utf-8", true),
            (" text/plain", true), ("text/plain;", true), ("text/csv", false), ("text/html", false), ("application/octet-stream", false),
            (";", false), (";text/plain", false), ("text/plain/x", false), ("text/plain, text/csv", false),
        ]
    )
    func strictContentTypes(contentType: String, isTaken: Bool) {
        var strict = rules
        strict.requiresContentTypeOfExtension = true
        let violation = strict.check(name: "a.txt", contentType: contentType, size: 1)
        #expect(violation == (isTaken ? nil : .contentType(contentType, expected: "text/plain")))
    }

    @Test(
        "A violation names the rule",
        arguments: [
            (AttachmentRuleViolation.nameLength(300), "the file's name has 300 characters; the service takes 1 to 256"),
            (.nameCharacter("\n"), "the file's name has the character U+A, which no file name may have"),
            (.empty, "the file is empty; the service takes files of 1 byte and more"),
            (.tooLarge(size: 20_971_521, limit: 20_971_520), "the file has 20971521 bytes; the service takes up to 20971520 (20 MiB)"),
            (.tooLarge(size: 11, limit: 10), "the file has 11 bytes; the service takes up to 10"),
            (.fileType(name: "a.zip", allowed: ["csv", "txt"]), "the service takes no files like 'a.zip', only: csv txt"),
            (
                .contentType("text/html", expected: "text/plain"),
                "the content type is 'text/html'; this name asks for 'text/plain'"
            ),
            (.contentTypeLength(300), "the content type has 300 characters; the service takes 1 to 255"),
            (.contentTypeCharacter("\n"), "the content type has the character U+A, which no header may have"),
        ]
    )
    func describes(violation: AttachmentRuleViolation, text: String) {
        #expect("\(violation)" == text)
    }
}
