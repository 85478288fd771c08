import BotHost
import FoundationEssentials
import Participant

extension FuzzTarget {
    /// What a damaged row may hold. A dialogue that can be read and passes for undamaged can also go on.
    static let storedRow = FuzzTarget("stored-row", "dialogues, effects and uploads as the store has them", tokens: rowTokens) { bytes in
        requireStable(DialogueState.self, in: bytes)
        requireStable(OutboxEffect.Body.self, in: bytes)
        requireStable(Upload.self, in: bytes)
        guard let state = try? JSONDecoder().decode(DialogueState.self, from: Data(bytes)), let dialogue else { return }
        guard (try? dialogue.check(state)) != nil else { return }
        let now = Date(timeIntervalSince1970: 1_700_000_000)
        for input in inputs(at: now) { _ = dialogue.step(state, input, now: now) }
        _ = (state.nextDeadline, state.awaitedEffects)
    }

    private static let dialogue = BotFile.load(
        text: """
            bot: t
            behaviours:
              - when: joined
                do: [ say: "Hello {{customer.name}}" ]
              - when: message
                do:
                  - each: [a, b]
                    do: [ say: "{{this}}" ]
                  - ask: "Which?"
                    expect: '^[a-c]$'
                    as: answer
                    within: 20s
                    otherwise: [ say: "{{error.reason}}" ]
                  - say: "You said {{answer}} at {{message.time}}"
            """,
        path: "fuzz.yaml",
        actions: [:]
    ).definition.map { Dialogue(definition: $0) }

    private static let rowTokens =
        wireTokens + [
            #""facts":{"attributes":{}}"#, #""nextEffect":1"#, #""variables":"{\"a\":[1]}""#, #""run":"#,
            #""frames":[{"block":0,"next":0}]"#,
            #""block":7"#, #""next":-1"#, #""locals":"{}""#, #""match":["a",null]"#, #""queue":[]"#, #""silence":"#, #""waiting":"#,
            #""reason":{"answer":{}}"#, #""reason":{"effects":{"_0":[1]}}"#, #""reason":{"time":{}}"#, #""deadline":-1e300"#,
            #""loop":"[1]""#,
            #""loop":"[]""#, #""retries":-9223372036854775808"#, #""place":{"file":"f","line":1}"#,
            #""loopGuard":{"answered":9223372036854775807,"repetitions":1}"#, #""state":"planned""#,
        ]
}
