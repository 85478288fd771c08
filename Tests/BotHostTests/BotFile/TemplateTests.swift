import ActionKit
import BotHost
import ConnectWire
import Foundation
import Logging
import Testing

@Suite("Templates")
struct TemplateTests {
    static let variables = """
        name: Ada
        empty: ""
        nothing:
        price: 19.90
        big: 1234567.005
        whole: 5
        yes_: true
        list: [a, b, c]
        none: []
        nested: [[1, 2], [3]]
        lines: [{ item: Cup, price: 7.50 }, { item: Beans, price: 9 }]
        object: { key: value, deep: { er: [10, 20] } }
        markup: "*bold* [x](y)"
        at: "2026-11-23T04:05:06Z"
        seconds: 0
        """

    /// What a `say` of the text says.
    func say(_ text: String, markdown: Bool = false) throws -> [DialogueEffect.Kind] {
        let variables = Self.variables.split(separator: "\n").map { "  \($0)" }.joined(separator: "\n")
        let step = markdown ? "say: { text: \(JSON.string(text)), format: markdown }" : "say: \(JSON.string(text))"
        let definition = try bot("bot: t\nvariables:\n\(variables)\nbehaviours:\n  - when: joined\n    do:\n      - \(step)\n")
        let facts = DialogueFacts(contact: "c-1", attributes: ["tier": "gold"], customerName: "Zoë")
        return Dialogue(definition: definition).step(DialogueState(), .joined(facts), now: Date(timeIntervalSince1970: 0)).effects
            .map(\.kind)
    }

    @Test(
        "Values are filled in",
        arguments: [
            ("{{name}}", "Ada"),
            ("Hello {{ name }}, {{contact.id}}!", "Hello Ada, c-1!"),
            ("{{contact.attributes.tier}} {{customer.name}}", "gold Zoë"),
            ("{{price}} {{whole}} {{yes_}}", "19.90 5 true"),
            ("{{object.key}} {{object.deep.er.1}} {{nested.0.1}}", "value 20 2"),
            ("{{object.nokey | default: there}}", "there"),
            ("{{name | default: there}}", "Ada"),
            ("{{nothing | default: \"a | b }} c\"}}", "a | b }} c"),
            ("{{nothing | default: don't}}", "don't"),
            ("{{nothing | default: }}!", "!"),
            ("{{object.missing.deeper | default: 0}}", "0"),
            ("{{name | upper}} {{name | lower}}", "ADA ada"),
            ("{{object.nokey | default: x | upper}}", "X"),
            ("{{list | join}} {{list | join: '-'}} {{list | count}}", "a, b, c a-b-c 3"),
            ("{{name | count}} {{object | count}} {{none | count}}", "3 2 0"),
            ("{{lines | json}}", #"[{"item":"Cup","price":7.50},{"item":"Beans","price":9}]"#),
            ("{{price | money: EUR}} {{whole | money}}", "19.90 EUR 5.00"),
            ("{{big | money: JPY}} {{big | money: KWD}} {{big | money}}", "1234567 JPY 1234567.005 KWD 1234567.01"),
            ("{{at | date}} {{at | date: d MMMM yyyy}} {{at | date: 'HH:mm'}}", "2026-11-23 23 November 2026 04:05"),
            ("{{seconds | date: yyyy}}", "1970"),
            ("{{#each list}}<{{this}}>{{/each}}", "<a><b><c>"),
            ("{{#each none}}x{{/each}}-", "-"),
            ("{{#each lines}}{{this.item}}: {{this.price | money: EUR}}; {{/each}}", "Cup: 7.50 EUR; Beans: 9.00 EUR; "),
            ("{{#each nested}}[{{#each this}}{{this}}{{name}}{{/each}}]{{/each}}", "[1Ada2Ada][3Ada]"),
            ("{{#if name}}yes{{/if}}{{#if empty}}no{{/if}}", "yes"),
            ("{{#if object.nokey}}a{{else}}b{{/if}}{{#if nothing}}c{{else}}d{{/if}}", "bd"),
            ("{{#if none}}a{{else}}{{#if list}}b{{/if}}{{/if}}{{#if seconds}}c{{/if}}", "b"),
            ("{{#if list | count}}many{{/if}}", "many"),
            ("Lines:\n{{#each lines}}\n- {{this.item}}\n{{/each}}\nEnd", "Lines:\n- Cup\n- Beans\nEnd"),
            ("{{#if name}}\nA\n{{else}}\nB\n{{/if}}\n", "A\n"),
            ("a } b }} c { d {", "a } b }} c { d {"),
        ]
    )
    func filled(text: String, expected: String) throws {
        #expect(try say(text) == [.message(.plainText, expected)])
    }

    @Test(
        "A value that is missing or of the wrong kind fails the step, and is named",
        arguments: [
            ("{{object.nokey}}", "'object.nokey' has no value"),
            ("{{nothing}}", "'nothing' has no value"),
            ("{{list.7}}", "'list.7' has no value"),
            ("{{name.first}}", "'name.first' has no value"),
            ("{{message.text}}", "'message.text' has no value"),
            ("{{object.nokey | upper}}", "'object.nokey' has no value"),
            ("{{list}}", "'list' is a list: use 'join', 'count', 'json' or #each"),
            ("{{object}}", "'object' is an object: name one of its members, or use 'json'"),
            ("{{name | join}}", "'name' is not a list to join"),
            ("{{name | money: EUR}}", "'name' is not an amount: \"Ada\""),
            ("{{name | date}}", "'name' is not a date: \"Ada\""),
            ("{{#each name}}x{{/each}}", "'name' is not a list"),
            ("{{#each object.nokey | default: x}}x{{/each}}", "'object.nokey' is not a list"),
            ("{{#each object.nokey}}x{{/each}}", "'object.nokey' has no value"),
            ("{{#each list}}{{this.item}}{{/each}}", "'this.item' has no value"),
        ]
    )
    func failing(text: String, reason: String) throws {
        #expect(try say(text) == [.log(.error, "the run ends: \(reason)")])
    }

    @Test("In markdown, values are kept from being taken for markup, and the text around them is not")
    func markdown() throws {
        #expect(try say("**{{markup}}**", markdown: true) == [.message(.markdown, #"**\*bold\* \[x\]\(y\)**"#)])
        #expect(try say("**{{markup}}**") == [.message(.plainText, "***bold* [x](y)**")])
    }

    @Test("Lists within lists do not fill the memory")
    func bomb() throws {
        let list = "[" + Array(repeating: "x", count: 200).joined(separator: ", ") + "]"
        let text = "{{#each list}}{{#each list}}{{#each list}}{{this}}{{/each}}{{/each}}{{/each}}"
        let definition = try bot("bot: t\nvariables: { list: \(list) }\nbehaviours:\n  - when: joined\n    do: [ say: \"\(text)\" ]\n")
        let effects = Dialogue(definition: definition).step(DialogueState(), .joined(DialogueFacts()), now: Date()).effects
        #expect(effects.map(\.kind) == [.log(.error, "the run ends: #each goes round more than 10000 times")])
    }

    @Test("A parameter that is nothing but one value keeps its type")
    func types() throws {
        let definition = try bot(
            """
            bot: t
            modules: { m: { mcp: [x] } }
            variables: { list: [1, 2.50], object: { a: true }, nothing: null }
            behaviours:
              - when: joined
                do:
                  - m.a:
                      list: "{{list}}"
                      element: " {{list.1}} "
                      text: "{{list.1}}!"
                      nested: [{ inner: "{{object}}" }, 5]
                      nothing: "{{nothing}}"
                      default: "{{nothing | default: 7}}"
                      quoted: "{{nothing | default: '7'}}"
                      count: "{{list | count}}"
            """
        )
        let effects = Dialogue(definition: definition).step(DialogueState(), .joined(DialogueFacts()), now: Date()).effects
        let number = try JSON(parsing: "2.50")
        let expected: JSON = [
            "list": [1, number], "element": number, "text": "2.50!", "nested": [["inner": ["a": true]], 5], "nothing": .null, "default": 7,
            "quoted": "7", "count": 2,
        ]
        let variables: [String: JSON] = ["list": [1, number], "nothing": .null, "object": ["a": true]]
        #expect(effects.map(\.kind) == [.call(ActionCall(module: "m", action: "a", parameters: expected, variables: variables))])
    }
}
