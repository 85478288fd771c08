import ActionKit
import BotHost
import ConnectWire
import Foundation
import Testing

@Suite("Dialogues")
struct DialogueTests {
    @Test(
        "Conversations go as they are written, also when the state is stored at every step",
        arguments: Conversation.all
    )
    func conversation(conversation: Conversation) throws {
        let played = try conversation.play()
        #expect(played == conversation.script)
    }

    @Test("When 64 items wait, the newest is refused, and that is logged")
    func queue() throws {
        let definition = try bot("bot: t\nbehaviours:\n  - when: message\n    do:\n      - say: \"{{message.text}}\"\n")
        var player = Player(dialogue: Dialogue(definition: definition))
        _ = try player.play("joined")
        for number in 0...Dialogue.queueLimit { _ = try player.play("customer: \(number)") }
        #expect(
            try player.play("customer: one too many") == [
                "  2 warning at t.yaml:5: 64 items wait already; item i-66 from CUSTOMER is dropped"
            ]
        )
        #expect(try player.play("done 1") == ["  3 say 1"])
        for number in 2...Dialogue.queueLimit { #expect(try player.play("done \(number + 1)") == ["  \(number + 2) say \(number)"]) }
        #expect(try player.play("done 66") == [])
        #expect(player.state.isIdle)
    }

    @Test("A full queue does not keep the answer away")
    func answerPastQueue() throws {
        let definition = try bot("bot: t\nbehaviours:\n  - when: message\n    do: [ ask: \"Name?\", say: Thanks ]\n")
        var player = Player(dialogue: Dialogue(definition: definition))
        for line in ["joined", "customer: hi", "done 1"] { _ = try player.play(line) }
        for _ in 0..<Dialogue.queueLimit { #expect(try player.play("agent: noise") == []) }
        #expect(try player.play("customer: Ada") == ["  2 say Thanks"])
    }

    @Test("A run of more than 10,000 steps without a pause fails")
    func stepLimit() throws {
        let steps = Array(repeating: "set: { a: 1 }", count: 10_001)
        let definition = try bot("bot: t\nbehaviours:\n  - when: message\n    do: [ \(steps.joined(separator: ", ")) ]\n")
        var player = Player(dialogue: Dialogue(definition: definition))
        _ = try player.play("joined")
        #expect(try player.play("customer: x") == ["  1 error at t.yaml:4: the run ends: more than 10000 steps without a pause"])
        #expect(player.state.isIdle)
    }

    @Test("The state tells what it waits for, and until when")
    func waiting() throws {
        let definition = try bot(
            "bot: t\nbehaviours:\n  - when: message\n    do:\n      - say: Hi\n      - wait: 5s\n      - ask: Well?\n        within: 1m\n"
        )
        var player = Player(dialogue: Dialogue(definition: definition))
        #expect(player.state.isIdle)
        _ = try player.play("joined")
        _ = try player.play("customer: x")
        #expect(player.state.awaitedEffects == [1])
        #expect(player.state.nextDeadline == nil)
        #expect(!player.state.isIdle)
        _ = try player.play("done 1")
        #expect(player.state.awaitedEffects == [])
        #expect(player.state.nextDeadline == player.now + 5)
        _ = try player.play("+5s")
        _ = try player.play("done 2")
        #expect(player.state.nextDeadline == player.now + 60)
    }

    @Test("What was begun is reported, at places of the definition")
    func reached() throws {
        let definition = try bot(
            """
            bot: t
            behaviours:
              - when: message
                says: [go]
                do: [ typing, if: "{{message.text}}" , run: other ]
              - name: other
                do: [ typing, stop, typing ]
              - when: { idle: 90s }
                do: [ typing ]
            """.replacing("if: \"{{message.text}}\" ", with: "{ if: \"{{message.text}}\", then: [ log: x ], else: [ typing ] }"),
            warnings: ["t.yaml:7:25: warning: never reached: the run ends in line 7"]
        )
        #expect(
            definition.places.map(\.what) == [
                "when: message, says: go", "typing", "if", "log", "typing", "run", "name: other", "typing", "stop", "typing",
                "when: idle: 90s", "typing",
            ]
        )
        var player = Player(dialogue: Dialogue(definition: definition))
        _ = try player.play("joined")
        #expect(player.reached.isEmpty)
        _ = try player.play("customer: go")
        let missed = definition.places.filter { !player.reached.contains($0.mark) }
        #expect(missed.map(\.what) == ["typing", "typing", "when: idle: 90s", "typing"])
        #expect(player.reached.isSubset(of: definition.places.map(\.mark)))
    }

    @Test("A state in the middle of a run is small")
    func size() throws {
        let text = try String(contentsOf: repository.appending(path: "bots/receipts.yaml"), encoding: .utf8)
        var player = Player(dialogue: Dialogue(definition: try bot(text)))
        let handle = #"{"name":"receipt-1001.txt","type":"text/plain","size":512,"sha256":"\#(String(repeating: "a", count: 64))"}"#
        let order = #"{"id":"1001","currency":"EUR","lines":[{"description":"Espresso cup","quantity":4,"price":7.5}],"total":30}"#
        for line in ["joined Ada", "done 1", "customer: receipt 1001", "done 3 \(order)", "done 4 \(handle)", "done 5"] {
            _ = try player.play(line)
        }
        #expect(player.state.awaitedEffects == [6])
        let size = try JSONEncoder().encode(player.state).count
        #expect(size < 1024)
        let idle = try JSONEncoder().encode(DialogueState()).count
        #expect(idle < 64)
    }
}
