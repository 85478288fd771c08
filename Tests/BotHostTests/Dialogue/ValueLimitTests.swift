import ActionKit
import ConnectWire
import Foundation
import Testing

@testable import BotHost

@Suite("What a value may be at most")
struct ValueLimitTests {
    private static func player(_ bot: String) throws -> Player {
        var player = Player(dialogue: Dialogue(definition: try BotHostTests.bot(bot)))
        _ = try player.play("joined")
        return player
    }

    @Test("A list that is put into itself with every message grows no deeper than what is read back")
    func history() throws {
        var player = try Self.player(
            #"""
            bot: t
            variables: { h: [] }
            behaviours:
              - when: message
                do: [ set: { h: ["{{h}}", "{{message.text}}"] } ]
              - when: failed
                do: [ say: "{{error.kind}}: {{error.reason}}" ]
            """#
        )
        for number in 1..<ValueLimits.depth { #expect(try player.play("customer: \(number)") == []) }
        for number in 1...2 {
            let effects = try player.play("customer: too deep")
            #expect(effects.last?.hasSuffix("say invalid: the value is nested more than 64 levels deep") == true, "\(effects)")
            _ = try player.play("done \(2 * number)")
        }
    }

    @Test(
        "What doubles is refused before it fills the memory: shared parts count in every place",
        arguments: [
            #"set: { x: ["{{x}}", "{{x}}"] }"#,
            #"set: { x: { a: "{{x}}", b: { c: "{{x}}" } } }"#,
            #"set: { x: "{{x}}{{x}}" }"#,
            #"set: { x: "{{x | json}}{{x | json}}" }"#,
        ]
    )
    func doubling(step: String) throws {
        let first = step.contains("json") || !step.contains("}}{{") ? #"["0123456789"]"# : "0123456789"
        var player = try Self.player(
            """
            bot: t
            variables: { x: \(first) }
            behaviours:
              - when: message
                do: [ \(Array(repeating: "{ \(step) }", count: 40).joined(separator: ", ")) ]
            """
        )
        let effects = try player.play("customer: go")
        #expect(effects.count == 1)
        let reasons = ["the value is larger than 256 KiB", "the text is longer than 262144 bytes"]
        #expect(reasons.contains { effects[0].hasSuffix("the run ends: \($0)") }, "\(effects)")
        #expect(try JSONEncoder().encode(player.state).count < 2 << 20)
    }

    @Test(
        "A text that a filter makes is no larger than any other",
        arguments: [
            (#"{{list | join: "SEPARATOR"}}"#, "'list' the value is larger than 256 KiB"),
            ("{{long | upper}}", "'long' the value is larger than 256 KiB"),
        ]
    )
    func filters(template: String, reason: String) throws {
        let separator = String(repeating: "-", count: 1000)
        // "ŉ" has two letters, in three bytes instead of two, when it is a capital.
        var player = try Self.player(
            """
            bot: t
            variables: { list: [\((1...1000).map { "\($0)" }.joined(separator: ", "))], long: "\(String(repeating: "ŉ", count: 120_000))" }
            behaviours:
              - when: message
                do: [ set: { x: '\(template.replacing("SEPARATOR", with: separator))' } ]
            """
        )
        #expect(try player.play("customer: go").last?.hasSuffix("the run ends: \(reason)") == true)
    }

    @Test("A module's result that is too deep or too large fails its step", arguments: [true, false])
    func results(isDeep: Bool) throws {
        let value: JSON =
            isDeep ? (1...100).reduce([]) { inner, _ in [inner] } : .array(Array(repeating: "0123456789", count: 30_000))
        let definition = try bot(
            "bot: t\nbehaviours:\n  - when: message\n    do:\n      - transcript: { format: txt }\n        as: x\n        otherwise: [ say: \"{{error.reason}}\" ]\n"
        )
        let dialogue = Dialogue(definition: definition)
        var state = dialogue.step(DialogueState(), .joined(DialogueFacts()), now: Date()).state
        let item = ChatItem(id: "i", role: .customer, kind: .message(.plainText, "go"), time: Date())
        state = dialogue.step(state, .item(item), now: Date()).state
        let effects = dialogue.step(state, .outcome(1, .done(value)), now: Date()).effects
        let reason = isDeep ? "the value is nested more than 64 levels deep" : "the value is larger than 256 KiB"
        #expect(effects.map(\.kind) == [.message(.plainText, reason)])
    }

    @Test("A log line is cut")
    func logs() throws {
        var player = try Self.player(
            "bot: t\nvariables: { x: \"\(String(repeating: "x", count: 10_000))\" }\nbehaviours:\n  - when: message\n    do: [ log: \"{{x}}\" ]\n"
        )
        #expect(try #require(player.play("customer: go").first).count < 4200)
    }

    @Test("A long computation is done in portions, and can be cancelled between two of them")
    func portions() async throws {
        let steps = Array(repeating: "log: x", count: 5000).joined(separator: ", ")
        let definition = try bot("bot: t\nbehaviours:\n  - when: joined\n    do: [ \(steps) ]\n")
        let dialogue = Dialogue(definition: definition)
        let turn = Task { try await dialogue.turn(DialogueState(), .joined(DialogueFacts()), now: Date()) }
        #expect(try await turn.value == dialogue.step(DialogueState(), .joined(DialogueFacts()), now: Date(timeIntervalSince1970: 0)))
        let cancelled = Task {
            withUnsafeCurrentTask { $0?.cancel() }
            return try await dialogue.turn(DialogueState(), .joined(DialogueFacts()), now: Date())
        }
        await #expect(throws: CancellationError.self) { _ = try await cancelled.value }
    }
}
