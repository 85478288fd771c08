import ActionKit
import BotHost
import Foundation
import Testing
import Yams

@Suite("The bot file's reference")
struct LanguageReferenceTests {
    @Test("The README's tables are those of the language", arguments: BotLanguage.reference)
    func readme(table: String) throws {
        let readme = try String(contentsOf: repository.appending(path: "README.md"), encoding: .utf8)
        #expect(readme.contains("\n\(table)\n\n"), "the README should have this table:\n\(table)")
    }

    private static let schema = SchemaCheck(BotLanguage.schema(actions: .builtIn))

    @Test("The JSON Schema accepts the bots of this repository", arguments: ["concierge", "echo", "receipts", "survey"])
    func rightBots(name: String) throws {
        let text = try String(contentsOf: repository.appending(path: "bots/\(name).yaml"), encoding: .utf8)
        #expect(try Self.schema.accepts(text))
    }

    @Test("The JSON Schema accepts every bot that the conversations are with", arguments: Conversation.all)
    func rightConversations(conversation: Conversation) throws {
        #expect(try Self.schema.accepts(conversation.bot))
    }

    @Test(
        "The JSON Schema refuses what the reader refuses, where it can tell",
        arguments: [
            "unknown: x", "say: { text: x, fromat: plain }", "say: { text: x, format: html }", "typing: x", "wait: 5",
            "say: x\n        witin: 5s",
            "ask: x\n        retries: 1000", "choose: x", "each: [1]", "attach: { file: x }", "if: { equal: [1, 2] }\n        then: []",
            "frobnicate",
            "frobnicate: 1", "documents.recipt: {}", "receipt: { title: x }", "receipt: { title: x, currency: EUR, lines: {} }", "run: [x]",
        ]
    )
    func wrongSteps(step: String) throws {
        let text = "bot: t\nbehaviours:\n  - when: message\n    do:\n      - \(step)\n"
        #expect(BotFile.load(text: text, path: "t.yaml", actions: .builtIn).definition == nil)
        #expect(try !Self.schema.accepts(text))
    }

    @Test(
        "The JSON Schema refuses wrong heads and behaviours",
        arguments: [
            "bot: t", "behaviours: []", "bot: t\nbehaviours: {}", "bot: t\nbehaviors: []\nbehaviours: []",
            "bot: t\nbehaviours: [{ when: mesage, do: [] }]", "bot: t\nbehaviours: [{ when: joined, says: x, do: [] }]",
            "bot: t\nbehaviours: [{ when: joined }]", "bot: t\nbehaviours: [{ do: [] }]", "bot: t\nbehaviours: [{ when: idle, do: [] }]",
            "bot: t\nbehaviours: [{ when: { idle: 10 }, do: [] }]", "bot: t\nbehaviours: [{ when: message, from: nobody, do: [] }]",
        ]
    )
    func wrongHeads(text: String) throws {
        #expect(BotFile.load(text: text, path: "t.yaml", actions: .builtIn).definition == nil)
        #expect(try !Self.schema.accepts(text))
    }
}

/// As much of JSON Schema as the bot file's has.
private struct SchemaCheck: Sendable {
    private let root: JSON

    init(_ root: JSON) {
        self.root = root
    }

    func accepts(_ yaml: String) throws -> Bool {
        let node = try #require(try Yams.compose(yaml: yaml))
        return fits(Self.json(of: node), root)
    }

    /// By the 1.2 core schema, as an editor reads it.
    private static func json(of node: Node) -> JSON {
        switch node {
        case .scalar(let scalar) where scalar.style == .plain:
            switch scalar.string {
            case "", "~", "null": .null
            case "true": true
            case "false": false
            default: JSONNumber(exactly: scalar.string).map(JSON.number) ?? .string(scalar.string)
            }
        case .scalar(let scalar): .string(scalar.string)
        case .sequence(let elements): .array(elements.map(json))
        case .mapping(let members):
            .object(Dictionary(members.map { ($0.scalar?.string ?? "", json(of: $1)) }) { first, _ in first })
        case .alias: .null
        }
    }

    private func fits(_ value: JSON, _ schema: JSON) -> Bool {
        guard case .object(let rules) = schema else { return schema == true }
        return rules.allSatisfy { rule, argument in fits(value, rule, argument, rules) }
    }

    private func fits(_ value: JSON, _ rule: String, _ argument: JSON, _ rules: [String: JSON]) -> Bool {
        switch rule {
        case "$ref": fits(value, definition(argument.stringValue ?? ""))
        case "anyOf": argument.arrayValue?.contains { fits(value, $0) } ?? false
        case "const": value == argument
        case "enum": argument.arrayValue?.contains(value) ?? false
        case "type": (argument.arrayValue ?? [argument]).contains { $0.stringValue.map { Self.type($0, of: value) } ?? false }
        case "pattern": value.stringValue.map { Self.matches($0, argument.stringValue ?? "") } ?? true
        case "minimum": value.intValue.map { $0 >= argument.intValue ?? 0 } ?? true
        case "maximum": value.intValue.map { $0 <= argument.intValue ?? 0 } ?? true
        case "items": value.arrayValue?.allSatisfy { fits($0, argument) } ?? true
        case "required":
            value.objectValue.map { members in
                (argument.arrayValue ?? []).allSatisfy { members[$0.stringValue ?? ""] != nil }
            } ?? true
        case "properties": value.objectValue?.allSatisfy { name, member in argument[name].map { fits(member, $0) } ?? true } ?? true
        case "additionalProperties":
            value.objectValue?.allSatisfy { name, member in
                let isNamed = rules["properties"]?[name] != nil
                let isPatterned = rules["patternProperties"]?.objectValue?.keys.contains { Self.matches(name, $0) } ?? false
                return isNamed || isPatterned || fits(member, argument)
            } ?? true
        default: true
        }
    }

    private func definition(_ reference: String) -> JSON {
        root["$defs"]?[reference.replacing("#/$defs/", with: "")] ?? false
    }

    private static func matches(_ text: String, _ pattern: String) -> Bool {
        text.range(of: pattern, options: .regularExpression) != nil
    }

    private static func type(_ name: String, of value: JSON) -> Bool {
        switch (name, value) {
        case ("null", .null), ("boolean", .bool), ("number", .number), ("string", .string), ("array", .array), ("object", .object): true
        case ("integer", .number(let number)): number.double.rounded() == number.double
        default: false
        }
    }
}
