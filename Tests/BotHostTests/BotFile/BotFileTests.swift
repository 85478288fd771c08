import ActionKit
import Actions
import BotHost
import Foundation
import Testing
import Transport

@Suite("Bot files")
struct BotFileTests {
    @Test(
        "Everything that is wrong is said, with its place, its line and a caret",
        arguments: [WrongBotFile.structure, WrongBotFile.steps, WrongBotFile.values, WrongBotFile.yaml, WrongBotFile.choices].joined()
    )
    func wrong(file: WrongBotFile) {
        let (definition, diagnostics) = BotFile.load(text: file.text, path: "bots/t.yaml", actions: .builtIn)
        #expect(diagnostics.map(\.description).joined(separator: "\n") == file.expected)
        #expect(definition == nil)
    }

    @Test("The bots of this repository are right", arguments: ["concierge", "echo", "receipts", "survey"])
    func rightBots(name: String) throws {
        let path = "bots/\(name).yaml"
        let text = try String(contentsOf: repository.appending(path: path), encoding: .utf8)
        let (definition, diagnostics) = BotFile.load(text: text, path: path, actions: .builtIn)
        #expect(diagnostics.isEmpty)
        #expect(definition?.name == name)
        #expect(definition?.source == text)
    }

    @Test("Values stay what the author meant")
    func values() throws {
        let definition = try bot(
            """
            bot: t
            variables:
              answer: no
              other: yes
              time: 12:30
              code: 01234
              phone: +4912345
              hex: 0x1F
              date: 2026-11-23
              price: 19.90
              large: 123456789012345678901234567890
              count: 3
              negative: -1.5e3
              right: true
              wrong: FALSE
              nothing:
              tilde: ~
              quoted: "3"
              list: [1, two]
              object: { a: { b: c } }
            behaviours: []
            """
        )
        let expected: [String: JSON] = [
            "answer": "no",
            "other": "yes",
            "time": "12:30",
            "code": "01234",
            "phone": "+4912345",
            "hex": "0x1F",
            "date": "2026-11-23",
            "price": try JSON(parsing: "19.90"),
            "large": try JSON(parsing: "123456789012345678901234567890"),
            "count": 3,
            "negative": try JSON(parsing: "-1.5e3"),
            "right": true,
            "wrong": false,
            "nothing": .null,
            "tilde": .null,
            "quoted": "3",
            "list": [1, "two"],
            "object": ["a": ["b": "c"]],
        ]
        #expect(definition.variables == expected)
    }

    @Test("The head of a file is read")
    func head() throws {
        let definition = try bot(
            """
            bot: shop-1
            description: Sells
            participant: { display_name: 店 }
            modules:
              orders: { mcp: [python3, ../orders/server.py] }
              shout: { library: Shout }
            behaviours: []
            """
        )
        #expect(definition.name == "shop-1")
        #expect(definition.description == "Sells")
        #expect(definition.displayName == "店")
        #expect(definition.modules.map(\.name) == ["orders", "shout"])
        #expect(definition.modules.map(\.kind) == [.mcp(["python3", "../orders/server.py"]), .library("Shout")])
        #expect(definition.modules.map(\.mark) == [SourceMark(line: 5, column: 3), SourceMark(line: 6, column: 3)])
    }

    @Test("A module has a sandbox and limits, unless the bot file says otherwise")
    func sandboxes() throws {
        let definition = try bot(
            """
            bot: t
            modules:
              a: { mcp: [x] }
              b: { mcp: [x], sandbox: on }
              c: { mcp: [x], sandbox: off, limits: { processes: 8 } }
            behaviours: []
            """
        )
        #expect(definition.modules.map(\.options.isSandboxed) == [true, true, false])
        #expect(definition.modules.map(\.options.limits.processes) == [256, 256, 8])
    }

    @Test("The actions of a module that is not loaded yet are taken on trust")
    func unloadedModule() throws {
        let text = """
            bot: t
            modules: { orders: { mcp: [x] } }
            behaviours:
              - when: joined
                do:
                  - orders.lookup: { anything: 5 }
            """
        _ = try bot(text)
        let lookup = Schema.object([.required("id", .string)])
        let (definition, diagnostics) = BotFile.load(text: text, path: "t.yaml", actions: [:], modules: ["orders": ["lookup": lookup]])
        #expect(definition == nil)
        #expect(diagnostics.map(\.summary).first == "t.yaml:6:9: orders.lookup: 'id' is missing: a string")
    }

    @Test(
        "What can never happen is warned of, and the bot runs all the same",
        arguments: [
            (
                "[{ when: message, do: [] }, { when: message, says: x, do: [] }]",
                ["3:31: warning: never reached: the behaviour of line 3 takes all that this one would"]
            ),
            (
                "[{ when: message, do: [] }, { when: unmatched, do: [] }]",
                ["3:31: warning: never reached: the behaviour of line 3 takes all that this one would"]
            ),
            (
                "[{ when: event, do: [] }, { when: event, type: typing, do: [] }]",
                ["3:29: warning: never reached: the behaviour of line 3 takes all that this one would"]
            ),
            ("[{ when: joined, do: [] }, { when: joined, name: again, do: [] }]", []),
            ("[{ when: message, from: agent, do: [] }, { when: message, do: [] }]", []),
            ("[{ when: message, if: \"{{contact.id}}\", do: [] }, { when: message, do: [] }]", []),
            ("[{ when: message, do: [stop, typing, typing] }]", ["3:32: warning: never reached: the run ends in line 3"]),
            (
                "[{ when: message, says: [a, b], do: [] }, { when: message, says: B, do: [] }, { when: message, says: [b, c], do: [] }]",
                ["3:45: warning: never reached: the behaviour of line 3 takes all that this one would"]
            ),
            (
                "[{ when: message, matches: x, do: [] }, { when: message, matches: x, says: y, do: [] }, { when: unmatched, do: [] }]",
                ["3:43: warning: never reached: the behaviour of line 3 takes all that this one would"]
            ),
            (
                "[{ when: { idle: 60s }, do: [] }, { when: { idle: 1m }, do: [] }, { when: { idle: 2m }, do: [] }]",
                ["3:37: warning: never reached: the behaviour of line 3 takes all that this one would"]
            ),
            ("[{ name: a, do: [] }]", ["3:4: warning: never reached: it has no 'when', and no 'run: a' names it"]),
            (
                "[{ when: message, do: [{ if: \"{{contact.id}}\", then: [stop], else: [leave] }, typing] }]",
                ["3:81: warning: never reached: the run ends in line 3"]
            ),
            ("[{ when: message, do: [{ if: \"{{contact.id}}\", then: [stop] }, typing] }]", []),
            (
                "[{ when: message, matches: '(?<n>x)', do: [] }, { when: unmatched, do: [ say: \"{{n}}\" ] }]",
                ["3:82: warning: nothing in this behaviour gives 'n' a value: captures and 'as' belong to one run, 'set' to the session"]
            ),
            ("[{ when: message, matches: '(?<n>x)', do: [ run: b ] }, { name: b, do: [ say: \"{{n}}\" ] }]", []),
            (
                "[{ when: message, do: [ run: b ] }, { name: b, do: [ { say: x, as: n } ] }, { when: joined, do: [ run: b, say: \"{{n}}\" ] }]",
                []
            ),
            ("[{ when: message, do: [leave, typing] }]", ["3:33: warning: never reached: the run ends in line 3"]),
            ("[{ when: message, do: [{ leave: , otherwise: [] }, typing] }]", []),
        ]
    )
    func warnings(behaviours: String, expected: [String]) {
        let (definition, diagnostics) = BotFile.load(text: "bot: t\nbehaviours:\n  \(behaviours)", path: "t.yaml", actions: [:])
        #expect(diagnostics.map(\.summary) == expected.map { "t.yaml:\($0)" })
        #expect(definition != nil)
    }

    @Test("Constants are read as the action's parameters want them")
    func constants() throws {
        _ = try bot(
            """
            bot: t
            behaviours:
              - when: joined
                do:
                  - receipt: { title: 1001, currency: EUR, lines: [{ description: no, quantity: "2", price: 19.90 }] }
            """
        )
    }

    @Test("Lines are counted as the parser counts them", arguments: ["\n", "\r\n", "\r"])
    func lineEnds(end: String) {
        let text = "\u{FEFF}bot: t\nbehaviours:\n  - when: mesage\n    do: []\n".replacing("\n", with: end)
        let (_, diagnostics) = BotFile.load(text: text, path: "t.yaml", actions: [:])
        #expect(diagnostics.map(\.mark) == [SourceMark(line: 3, column: 11)])
        #expect(diagnostics.map(\.sourceLine) == ["  - when: mesage"])
    }
}

extension [String: Action] {
    static var builtIn: Self {
        Dictionary(uniqueKeysWithValues: Module.documents.actions.map { ("documents.\($0.name)", $0) })
    }
}

/// The bot of a text in which nothing is wrong, but for what is warned of.
func bot(_ text: String, actions: [String: Action] = .builtIn, warnings: [String] = []) throws -> BotDefinition {
    let (definition, diagnostics) = BotFile.load(text: text, path: "t.yaml", actions: actions)
    #expect(diagnostics.map(\.summary) == warnings, "\(diagnostics.map(\.description).joined(separator: "\n"))")
    return try #require(definition)
}

let repository = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .deletingLastPathComponent()
