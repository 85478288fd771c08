import ActionKit
import BotHost
import Testing

@Suite("Hostile YAML")
struct HostileYAMLTests {
    struct Document: Sendable, CustomTestStringConvertible {
        let name: String
        let text: String
        let expected: String

        var testDescription: String { name }
    }

    private static let tooDeep = "nested too deep: a bot file has at most 64 levels"
    private static let aliasKey = "a key is a text: it cannot be an alias, a list or a mapping"

    /// 2^39 values, if anything ever goes through them.
    private static let anchors = (1..<40).reduce("bot: t\nvariables:\n  a0: &a0 [x, x]\n") { text, level in
        text + "  a\(level): &a\(level) [*a\(level - 1), *a\(level - 1)]\n"
    }

    static let documents = [
        Document(
            name: "10 MB",
            text: "bot: t\ndescription: \"\(String(repeating: "x", count: 10_000_000))\"\n",
            expected: "1:1: the file has 10000023 bytes; a bot file may have 1048576"
        ),
        Document(
            name: "10,000 lists",
            text: "bot: t\nvariables: \(String(repeating: "[", count: 10_000))\(String(repeating: "]", count: 10_000))\n",
            expected: "2:13: \(tooDeep)"
        ),
        Document(
            name: "10,000 mappings",
            text: "bot: t\nvariables: \(String(repeating: "{a: ", count: 10_000))",
            expected: "2:4004: \(tooDeep)"
        ),
        Document(
            name: "10,000 lists in a block",
            text: "bot: t\nvariables:\n\(String(repeating: " -", count: 10_000)) x\n",
            expected: "3:1998: \(tooDeep)"
        ),
        Document(
            name: "as many levels as the parser takes",
            text: "bot: t\nvariables: \(String(repeating: "[", count: 990))\(String(repeating: "]", count: 990))\n",
            expected: "2:75: \(tooDeep)"
        ),
        Document(
            name: "60,000 values",
            text: "bot: t\nvariables: [\(String(repeating: "x,", count: 60_000))]\n",
            expected: "2:100007: the file stands for more than 50000 values, counting what its aliases stand for"
        ),
        Document(
            name: "an alias bomb",
            text: anchors,
            expected: "4:7: the file stands for more than 50000 values, counting what its aliases stand for"
        ),
        Document(name: "an alias bomb as a key", text: anchors + "  *a39 : 1\n", expected: "43:3: \(aliasKey)"),
        Document(name: "an alias bomb as an explicit key", text: anchors + "  ? *a39\n  : 1\n", expected: "43:3: \(aliasKey)"),
        Document(name: "an alias bomb in a list that is a key", text: anchors + "  [x, *a39]: 1\n", expected: "43:7: \(aliasKey)"),
        Document(
            name: "an alias bomb in a mapping that is a key",
            text: anchors + "  {b: {c: *a39}} : 1\n",
            expected: "43:11: \(aliasKey)"
        ),
        Document(name: "an alias bomb as a key without a space", text: anchors + "  b: {*a39:1}\n", expected: "43:7: \(aliasKey)"),
        Document(
            name: "an alias bomb in an explicit key of a list",
            text: anchors + "  b: [ ? [*a39\n ] : 1 ]\n",
            expected: "43:8: \(aliasKey)"
        ),
        Document(
            name: "an alias bomb in a later explicit key",
            text: anchors + "  b: {x: 1, ? *a39\n : 2}\n",
            expected: "43:13: \(aliasKey)"
        ),
        Document(
            name: "30,000 misspelt values in one line",
            text: "bot: t\nbehaviours:\n  - when: message\n    do: [ say: \"\(String(repeating: "{{x}}", count: 30_000))\" ]\n",
            expected: "4:17: nothing gives 'x' a value. 'variables', 'set', 'as' and the groups of patterns do."
        ),
        Document(
            name: "a mapping that the end of the file leaves open",
            text: "bot: t\nvariables: {",
            expected: "2:13: not valid YAML: did not find expected node content while parsing a flow node"
        ),
    ]

    @Test("What is too large, too deep or multiplies itself is refused", arguments: documents)
    func refused(document: Document) {
        let (definition, diagnostics) = BotFile.load(text: document.text, path: "t.yaml", actions: [:])
        #expect(definition == nil)
        #expect(diagnostics.first?.summary == "t.yaml:\(document.expected)")
    }

    @Test("Of many thousand problems the first 1,000 are listed, and how many more there are")
    func manyProblems() {
        let text = "bot: t\nbehaviours:\n  - when: message\n    do: [ say: \"\(String(repeating: "{{x}}", count: 3000))\" ]\n"
        let (definition, diagnostics) = BotFile.load(text: text, path: "t.yaml", actions: [:])
        #expect(definition == nil)
        #expect(diagnostics.count == 1001)
        #expect(diagnostics.last?.summary == "t.yaml: 2000 more problems are not listed")
    }

    @Test("Anchors and aliases are fine where they are what they seem")
    func aliases() throws {
        let definition = try bot(
            """
            bot: t
            variables: { greeting: &greeting "Hello *greeting* : {{x}}" }
            behaviours:
              - when: joined
                do: &steps
                  - say: "Total {{contact.id}}: *bold* {{contact.id}}: is it ? yes"
              - when: message
                do: *steps
            """.replacing("{{x}}", with: "x")
        )
        #expect(definition.variables == ["greeting": "Hello *greeting* : x"])
    }

    @Test("A long line is shown around the place")
    func longLine() {
        let line = "bot: t, " + String(repeating: "x", count: 300) + ": y"
        let (_, diagnostics) = BotFile.load(text: line, path: "t.yaml", actions: [:])
        let lines = diagnostics.first?.description.split(separator: "\n") ?? []
        #expect(lines.count == 3)
        #expect(lines.allSatisfy { $0.count <= 160 })
    }

    @Test("A diagnostic writes no control characters to a terminal")
    func controls() {
        let (_, diagnostics) = BotFile.load(text: "bot: t\n\"\\e[31mx\": 1\nbehaviours: []", path: "t.yaml", actions: [:])
        #expect(
            diagnostics.map(\.summary) == [
                "t.yaml:2:1: unknown key '\u{FFFD}[31mx'. Allowed here: bot, description, participant, modules, limits, variables, behaviours."
            ]
        )
    }
}
