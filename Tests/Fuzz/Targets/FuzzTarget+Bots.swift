import ActionKit
import Actions
import BotHost
import ConnectWire
import FoundationEssentials

extension FuzzTarget {
    static let botFile = FuzzTarget("bot-file", "bot files, which are then played for a few turns", tokens: botTokens) { bytes in
        let text = String(decoding: bytes, as: UTF8.self)
        let (definition, diagnostics) = BotFile.load(text: text, path: "fuzz.yaml", actions: builtInActions)
        let lines = text.unicodeScalars.count { $0.isLineBreak } + 1
        for diagnostic in diagnostics where diagnostic.mark != .wholeFile {
            let mark = diagnostic.mark
            require((1...lines).contains(mark.line), "line \(mark.line) of \(lines): \(diagnostic.message)")
            let columns = diagnostic.sourceLine.unicodeScalars.count + 1
            require((1...columns).contains(mark.column), "column \(mark.column) of \(columns): \(diagnostic.message)")
            _ = diagnostic.description
        }
        require(definition != nil || diagnostics.contains { $0.severity == .error }, "refused without a reason")
        if let definition { play(definition) }
    }

    static let template = FuzzTarget("template", "texts with places for values, filled in by a say step", tokens: templateTokens) { bytes in
        let text = JSON.string(String(decoding: bytes, as: UTF8.self)).serialized()
        for step in ["say: \(text)", "say: { text: \(text), format: markdown }", "set: { x: \(text) }"] {
            let bot = "\(templateVariables)\nbehaviours:\n  - when: joined\n    do:\n      - \(step)\n"
            if let definition = BotFile.load(text: bot, path: "fuzz.yaml", actions: [:]).definition { play(definition) }
        }
    }

    static let pattern = FuzzTarget("pattern", "a pattern in the first line, and the text to find it in", tokens: patternTokens) { bytes in
        let lines = String(decoding: bytes, as: UTF8.self).split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)
        guard let pattern = try? Pattern(String(lines[0])) else { return }
        let text = lines.count > 1 ? String(lines[1]) : ""
        guard let match = try? pattern.match(in: text) else { return }
        for capture in match.captures { require((capture?.utf8.count ?? 0) <= text.utf8.count, "a capture longer than the text") }
        _ = match.named
    }

    /// Whatever happens, the state can be stored and read again.
    private static func play(_ definition: BotDefinition) {
        let dialogue = Dialogue(definition: definition)
        var state = DialogueState()
        var now = Date(timeIntervalSince1970: 1_700_000_000)
        for input in inputs(at: now) {
            let step = dialogue.step(state, input, now: now)
            state = step.state
            requireSame(state) { try JSONDecoder().decode(DialogueState.self, from: JSONEncoder().encode(state)) }
            now += 3600
        }
    }

    static func inputs(at time: Date) -> [DialogueInput] {
        let message = ChatItem(id: "i-1", role: .customer, kind: .message(.plainText, "receipt 1001"), time: time)
        let facts = DialogueFacts(contact: "c-1", attributes: ["tier": "gold"], customerName: "Zoë")
        return [.joined(facts), .item(message), .outcome(1, .done(["lines": [["item": "Cup", "price": 7.5]]])), .tick, .ended]
    }

    static let builtInActions = Dictionary(
        Module.documents.actions.map { ("documents.\($0.name)", $0) },
        uniquingKeysWith: { first, _ in first }
    )

    private static let templateVariables = """
        bot: t
        variables:
          name: Ada
          nothing:
          price: 19.90
          list: [a, b, c]
          nested: [[1, 2], [3]]
          lines: [{ item: Cup, price: 7.50 }, { item: Beans, price: 9 }]
          at: "2026-11-23T04:05:06Z"
          seconds: 0
          many: [0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0,0]
        """

    private static let templateTokens = [
        "{{", "}}", "{{name}}", "{{#each list}}", "{{#each many}}", "{{this}}", "{{/each}}", "{{#if nothing}}", "{{else}}", "{{/if}}",
        " | ",
        "default: \"x\"", "upper", "lower", "date: d MMMM yyyy", "money: EUR", "join: \", \"", "count", "json", "lines.0.price", "at",
        "seconds",
        "'", "\"", "contact.id", "customer.name", "nested.1.0", "{{#each nested}}{{#each this}}",
    ]

    private static let patternTokens = [
        "(?<name>", "(?:", "(a+)+$", ".*", "\\d+", "\\p{L}", "[^a-z]", "(?R)", "(?1)", "\\K", "(?=", "(?<=a)", "{1,1000}", "{65535}", "|",
        "^",
        "$", "\\b", "(?i)", "(*LIMIT_MATCH=9999999)", "(*UCP)", "(?C1)", "\\X", "\\g{-1}", "\\1", "(?|", "(?(1)", "(*ACCEPT)", "\\Q", "\n",
        "aaaa",
    ]

    private static let botTokens = [
        "bot: t\n", "behaviours:\n", "  - when: message\n", "    do:\n", "      - say: \"x\"\n", "matches: '", "{{x}}", "when: joined",
        "variables: ",
        "{ idle: 10m }", "- ask: q\n", "expect: ", "within: 2m", "otherwise:", "- set: { x: [\"{{x}}\", \"{{x}}\"] }\n", "- run: loop\n",
        "name: loop\n", "- each: ", "as: y", "- if: ", "then: ", "else: ", "- choose: c", "options: ", "- wait: 1s\n", "- stop\n",
        "- leave\n",
        "modules: ", "mcp: [x]", "m.a: ", "&a ", "*a", "<<: ", "!!str ", "|\n", ">-\n", "%YAML 1.1\n---\n", "? ", "# ", "\t", "'", "\"",
        "- receipt: ", "- transcript: { format: txt }\n", "- attach: ", "retries: ", "from: anyone", "says: ",
    ]
}

extension Unicode.Scalar {
    /// What libYAML takes for one; the two of a CR LF count as two, which is enough for a bound.
    fileprivate var isLineBreak: Bool { ["\n", "\r", "\u{85}", "\u{2028}", "\u{2029}"].contains(self) }
}
