import ActionKit
import BotHost
import ConnectWire

/// Why a bot made an item: the run from the behaviour's beginning to the effect.
struct Cause {
    let turns: [TurnTraces.Turn]
    /// What the run's first turn took, where that came before the turn itself.
    let trigger: DialogueInput?
    let effect: EffectID
    let end: (EffectID) -> TurnTraces.End?

    init(turns: [TurnTraces.Turn], trigger: DialogueInput?, effect: EffectID, end: @escaping (EffectID) -> TurnTraces.End?) {
        self.turns = turns
        self.trigger = trigger
        self.effect = effect
        self.end = end
    }

    /// - Parameter calls: The API calls about the item.
    func answer(calls: [CallLog.Call]) -> Answer {
        var rows: [(String, String)] = []
        if let input = turns.first?.input {
            let isOutcome = if case .outcome = input { true } else { false }
            rows.append(("because", (isOutcome ? trigger ?? input : input).brief))
        }
        for turn in turns {
            rows += turn.behaviours.map { ("behaviour", "\($0.what)  \(turn.bot.path):\($0.mark.line)") }
            for made in turn.effects {
                guard case .call(let call) = made.kind else { continue }
                rows.append(("module call", "\(call.name) \(call.parameters.briefly): \(outcome(of: made.id))  \(made.place)"))
            }
        }
        if let last = turns.last, let made = last.effects.first(where: { $0.id == effect }) {
            let step = last.bot.definition.places.last { $0.mark.line == made.place.line && !$0.isBehaviour }
            rows.append(("step", "\(step?.what ?? "step")  \(made.place)"))
        }
        rows += calls.map { ("API call", $0.text) }
        return Answer(
            command: "why",
            lines: rows.map { "  \($0.padded(to: 13))\($1)" },
            value: .array(rows.map { ["what": .string($0), "text": .string($1)] })
        )
    }

    private func outcome(of effect: EffectID) -> String {
        switch end(effect)?.outcome {
        case .done?: "done"
        case .asks?: "asks"
        case .failed(let failure)?: "failed, \(failure.reason)"
        case nil: "not done yet"
        }
    }
}

extension DialogueInput {
    fileprivate var brief: String {
        switch self {
        case .joined: "the bot joined"
        case .item(let item):
            switch item.kind {
            case .message(_, let text): "\(item.displayName ?? item.role.rawValue) said \"\(text.prefix(60))\""
            case .attachment(let files):
                "\(item.displayName ?? item.role.rawValue) sent \(files.compactMap(\.name).joined(separator: ", "))"
            case .event(let type): "the event \(type.eventName ?? type.rawValue)"
            }
        case .outcome: "a step before was done"
        case .tick: "time had passed"
        case .ended: "the chat ended"
        }
    }
}

extension JSON {
    fileprivate var briefly: String {
        let text = serialized()
        return text.count > 80 ? text.prefix(77) + "..." : text
    }
}
