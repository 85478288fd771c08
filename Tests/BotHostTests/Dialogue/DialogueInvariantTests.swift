import ActionKit
import BotHost
import ConnectWire
import Foundation
import Testing

@Suite("What holds in every dialogue")
struct DialogueInvariantTests {
    private static let bot = """
        bot: t
        modules: { m: { mcp: [x] } }
        variables: { count: 0 }
        behaviours:
          - when: joined
            do: [ say: "Hello" ]
          - when: message
            matches: '^ask(?<rest>.*)'
            do:
              - ask: "What{{rest}}?"
                expect: '^(?<word>[a-c]+)$'
                as: answer
                within: 20s
                retries: 1
                otherwise:
                  - set: { last: "{{error.reason}}" }
                  - run: finish
              - say: "{{word}} {{answer}}"
          - when: message
            says: call
            do:
              - if: "{{message.text}}"
                within: 30s
                then:
                  - m.a: { count: "{{count}}", price: 19.90 }
                    as: file
                    within: 10s
                  - attach: "{{file}}"
                  - wait: 3s
                otherwise: [ log: "{{error.kind}}", say: "{{error.reason}}", run: finish ]
          - name: finish
            do: [ m.b: { last: "{{last | default: none}}" }, typing, say: "Done" ]
          - when: message
            says: leave
            do: [ leave ]
          - when: attachment
            from: anyone
            do: [ set: { count: "{{attachments | count}}" }, wait: 5s ]
          - when: failed
            do: [ m.c: { reason: "{{error.reason}}" } ]
          - when: ended
            do: [ m.d: {}, log: "over" ]
        """

    @Test("Whatever comes, a stored state goes on as the state itself, and effects are numbered and settled", arguments: 1...10)
    func random(seed: UInt64) throws {
        try check(try BotHostTests.bot(Self.bot), seed: seed)
    }

    @Test("The same holds for bots made at random, as far as they are accepted", arguments: 0..<5)
    func randomBots(group: UInt64) throws {
        var accepted = 0
        for seed in group * 20..<(group + 1) * 20 {
            let text = RandomBot.text(seed: seed)
            guard let definition = BotFile.load(text: text, path: "t.yaml", actions: [:]).definition else { continue }
            accepted += 1
            try check(definition, seed: seed)
        }
        #expect(accepted >= 5)
    }

    private func check(_ definition: BotDefinition, seed: UInt64) throws {
        var random = SeededGenerator(state: seed)
        let dialogue = Dialogue(definition: definition)
        let places = Set(definition.places.map(\.mark))
        var state = DialogueState()
        var now = Date(timeIntervalSince1970: 1_700_000_000)
        var open: Set<EffectID> = []
        var nextID = 1
        for index in 0..<300 {
            let input = index == 0 ? .joined(DialogueFacts()) : index == 290 ? .ended : input(state, &now, &random)
            let step = dialogue.step(state, input, now: now)
            let (next, effects) = (step.state, step.effects)
            let stored = try JSONDecoder().decode(DialogueState.self, from: JSONEncoder().encode(state))
            #expect(dialogue.step(stored, input, now: now) == step)
            if case .outcome(let effect, _) = input { open.remove(effect) }
            for effect in effects {
                #expect(effect.id.rawValue == nextID)
                nextID += 1
                if effect.isAwaited { open.insert(effect.id) }
                if case .cancel(let other) = effect.kind { #expect(open.remove(other) != nil) }
            }
            // Nothing that was begun is forgotten, and nothing is waited for that is not under way.
            #expect(Set(next.awaitedEffects) == open)
            #expect(places.isSuperset(of: step.reached))
            state = next
        }
    }

    private func input(_ state: DialogueState, _ now: inout Date, _ random: inout SeededGenerator) -> DialogueInput {
        switch Int.random(in: 0..<10, using: &random) {
        case 0...3: return .item(item(now, &random))
        case 4:
            now += Double(Int.random(in: 1...15, using: &random))
            return .tick
        case 5: return .outcome(EffectID(rawValue: Int.random(in: 1...50, using: &random)), .failed("stray"))
        default:
            guard let effect = state.awaitedEffects.first else { return .tick }
            let handle: JSON = [
                "name": "a.txt", "type": "text/plain", "size": 3, "sha256": "ab", "price": .number(JSONNumber(exactly: "19.90") ?? 0),
            ]
            return .outcome(effect, Int.random(in: 0..<4, using: &random) == 0 ? .failed("no") : .done(handle))
        }
    }

    private func item(_ now: Date, _ random: inout SeededGenerator) -> ChatItem {
        let texts = ["ask", "ask me", "abc", "zzz", "call", "leave", "hello"]
        let kind: ChatItem.Kind =
            switch Int.random(in: 0..<8, using: &random) {
            case 0: .attachment([.init(name: "a")])
            case 1: .event(.participantJoined)
            default: .message(.plainText, texts[Int.random(in: 0..<texts.count, using: &random)])
            }
        let role: ParticipantRole = Int.random(in: 0..<6, using: &random) == 0 ? .agent : .customer
        return ChatItem(id: "i", role: role, kind: kind, displayName: "Ada", contact: "c", time: now)
    }
}

/// The same numbers in every run of the tests.
struct SeededGenerator: RandomNumberGenerator {
    var state: UInt64

    mutating func next() -> UInt64 {
        // SplitMix64.
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
