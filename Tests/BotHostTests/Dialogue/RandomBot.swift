/// A bot file made at random, out of everything that the language has. Not all of them are accepted.
struct RandomBot {
    private var random: SeededGenerator
    private var depth = 0

    static func text(seed: UInt64) -> String {
        var bot = RandomBot(random: SeededGenerator(state: seed))
        return bot.file()
    }

    private mutating func file() -> String {
        let behaviours = (0..<Int.random(in: 1...6, using: &random)).map { _ in behaviour() }
        return """
            {bot: t, modules: {m: {mcp: [x]}},
             variables: {a: 1, b: [1, "two", {c: 3}], d: {e: f}, n: null},
             behaviours: [{name: one, do: \(steps())}, {name: two, do: \(steps())}, \(behaviours.joined(separator: ",\n "))]}
            """
    }

    private mutating func behaviour() -> String {
        let (trigger, filters) = pick([
            ("joined", []), ("message", ["says: yes", "matches: '(?<g>[a-z]+) ?(?<h>\\d)?'", "from: anyone"]),
            ("attachment", ["from: agent"]),
            ("event", ["type: typing"]), ("{idle: 10s}", []), ("{idle: \(Int.random(in: 1...40, using: &random))s}", []), ("unmatched", []),
            ("failed", []), ("ended", []),
        ])
        var parts = ["when: \(trigger)"]
        for filter in filters where Bool.random(using: &random) { parts.append(filter) }
        if oneIn(5) { parts.append("if: \(condition())") }
        let steps = trigger == "ended" ? pick(["[set: {a: 2}]", "[log: over, m.a: ]", "[]"]) : steps()
        return "{\((parts + ["do: \(steps)"]).joined(separator: ", "))}"
    }

    private mutating func steps() -> String {
        depth += 1
        defer { depth -= 1 }
        let count = depth > 3 ? 0 : Int.random(in: 0...4, using: &random)
        return "[\((0..<count).map { _ in step() }.joined(separator: ", "))]"
    }

    private mutating func step() -> String {
        var parts = [
            pick([
                "say: \(value())", "say: {text: \(value()), format: markdown}", "ask: \(value()), expect: '\\d', retries: 1",
                "ask: \(value())",
                "choose: \(value()), options: [yes, no, {title: \(value()), value: 3}]", "choose: Well, options: \"{{b}}\"", "typing: ",
                "attach: \"{{\(name())}}\"", "attach: {path: a/b.txt}", "set: {a: \(value()), b: [\(value()), \"{{a}}\"]}",
                "if: \(condition()), then: \(steps()), else: \(steps())", "each: \"{{\(name())}}\", do: \(steps())",
                "each: [1, \(value())], do: \(steps())", "wait: \(Int.random(in: 1...30, using: &random))s", "run: \(pick(["one", "two"]))",
                "log: \(value())", "m.act: {x: \(value())}", "m.act: ", "stop: ", "leave: ",
            ])
        ]
        if oneIn(3) { parts.append("as: \(pick(["x", "y"]))") }
        if oneIn(4) { parts.append("within: \(Int.random(in: 1...20, using: &random))s") }
        if oneIn(3) { parts.append("otherwise: \(steps())") }
        return "{\(parts.joined(separator: ", "))}"
    }

    private mutating func condition() -> String {
        depth += 1
        defer { depth -= 1 }
        let simple = [
            "\"{{\(name())}}\"", "{equals: [\(value()), \(value())]}", "{matches: [\(value()), 'a|(?<g>b)']}",
            "{contains: [\"{{b}}\", \(value())]}",
            "{less: [\(value()), 5]}", "{greater: [\(value()), 5]}", "{present: \(name())}",
        ]
        if depth > 3 || !oneIn(3) { return pick(simple) }
        return pick(["{all: [\(condition()), \(condition())]}", "{any: [\(condition()), \(condition())]}", "{not: \(condition())}"])
    }

    private mutating func name() -> String {
        pick([
            "a", "b", "d.e", "n", "x", "y", "g", "b.2.c", "message.text", "match.1", "error.reason", "this", "customer.name", "x.lines.0",
        ])
    }

    private mutating func value() -> String {
        pick([
            "\"{{\(name())}}\"", "\"{{\(name()) | default: 7}}\"", "\"{{\(name()) | default: z | upper}} and\"", "5", "text",
            "\"{{#each b}}{{this | json}}{{/each}}\"", "\"{{#if \(name())}}yes{{else}}no{{/if}}\"", "\"{{b | count}}\"",
            "\"{{a | money: EUR}}\"",
        ])
    }

    private mutating func pick<Element>(_ choices: [Element]) -> Element {
        choices[Int.random(in: 0..<choices.count, using: &random)]
    }

    private mutating func oneIn(_ count: Int) -> Bool {
        Int.random(in: 0..<count, using: &random) == 0
    }
}
