import BotHost
import Testing

@Suite("Patterns")
struct PatternTests {
    @Test(
        "Patterns are unanchored, ignore case, and know Unicode",
        arguments: [
            ("receipt (?<order>[0-9]+)", "  RECEIPT 1001 please", ["RECEIPT 1001", "1001"]),
            ("^stra(ß|ss)e$", "STRASSE", ["STRASSE", "SS"]),
            (#"^\w+$"#, "Ünïcødé", ["Ünïcødé"]),
            (#"\d+"#, "٣٤", ["٣٤"]),
            ("привет", "ПРИВЕТ", ["ПРИВЕТ"]),
            ("^.$", "😀", ["😀"]),
            ("(a)|(b)", "b", ["b", nil, "b"]),
            ("x*", "", [""]),
            ("(?i-i)A", "a", nil),
            ("nothing", "something", nil),
        ] as [(String, String, [String?]?)]
    )
    func match(pattern: String, text: String, expected: [String?]?) throws {
        #expect(try Pattern(pattern).match(in: text)?.captures == expected)
    }

    @Test("Groups have names")
    func names() throws {
        let match = try #require(try Pattern("(?<a>x)?(?<b>y)(z)").match(in: "yz"))
        #expect(match["b"] == "y")
        #expect(match["a"] == nil)
        #expect(match.named == ["b": "y"])
        #expect(try Pattern("(?<a>x)?(?<b>y)").groups == ["a": 1, "b": 2])
    }

    @Test(
        "What does not compile is refused in PCRE2's words, with the offset in characters",
        arguments: [
            ("rec(eipt", "the pattern is wrong at offset 8: missing closing parenthesis"),
            ("[a-", "the pattern is wrong at offset 3: missing terminating ] for character class"),
            ("日本*語***", "the pattern is wrong at offset 5: quantifier does not follow a repeatable item"),
            (#"\p{Foo}"#, #"the pattern is wrong at offset 7: unknown property after \P or \p"#),
            ("(?<1>x)", "the pattern is wrong at offset 3: subpattern name must start with a non-digit"),
        ]
    )
    func refused(pattern: String, problem: String) {
        #expect { try Pattern(pattern) } throws: { ($0 as? PatternError)?.description == problem }
    }

    @Test("A pattern that tries without end is given up", arguments: ["(a+)+$", #"^(\w+\s?)*$"#, "(?:a|aa)+$", "(*NO_JIT)(a+)+$"])
    func bomb(pattern: String) throws {
        let compiled = try Pattern(pattern)
        let text = String(repeating: "a", count: 3000) + "!"
        #expect(throws: PatternError.tooComplex(pattern: pattern)) { try compiled.match(in: text) }
    }

    @Test("A pattern is shared by many")
    func shared() async throws {
        let pattern = try Pattern("order ([0-9]+)")
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<200 {
                group.addTask {
                    let match = try pattern.match(in: "my order \(number), please")
                    #expect(match?.captures[1] == String(number))
                }
            }
            try await group.waitForAll()
        }
    }
}
