import ActionKit
import BotHost
import ConnectWire
import Synchronization

/// The turns of the bots in this process, for those who ask why. The oldest are forgotten beyond a bound.
final class TurnTraces: Sendable {
    struct Turn: Sendable {
        var session: SessionID
        var bot: Bot
        var input: DialogueInput
        var reached: [SourceMark]
        var effects: [DialogueEffect]
    }

    /// What an effect became.
    struct End: Sendable {
        var outcome: EffectOutcome
        var item: ItemID?
        var attachment: AttachmentID?
    }

    struct EffectKey: Hashable, Sendable {
        var session: SessionID
        var effect: EffectID
    }

    private struct State {
        var turns: [Turn] = []
        var ends: [EffectKey: End] = [:]
    }

    private let state = Mutex(State())

    private static let capacity = 5000

    func note(_ session: SessionID, _ bot: Bot, _ event: TraceEvent) {
        state.withLock { state in
            switch event {
            case .turn(let input, let reached, let effects):
                state.turns.append(Turn(session: session, bot: bot, input: input, reached: reached, effects: effects))
                if state.turns.count > Self.capacity {
                    let forgotten = state.turns.removeFirst()
                    for effect in forgotten.effects { state.ends[EffectKey(session: forgotten.session, effect: effect.id)] = nil }
                }
            case .finished(let effect, let outcome, let item, let attachment):
                state.ends[EffectKey(session: session, effect: effect)] = End(outcome: outcome, item: item, attachment: attachment)
            }
        }
    }

    /// What made an item; nil where no bot in this process did, or it is forgotten.
    func cause(of item: Item) -> Cause? {
        let (turns, ends) = state.withLock { ($0.turns, $0.ends) }
        let attachments = Set((item.attachments ?? []).compactMap(\.attachmentID))
        guard let (key, _) = ends.first(where: { $1.item == item.id || $1.attachment.map(attachments.contains) ?? false }) else {
            return nil
        }
        let own = turns.filter { $0.session == key.session }
        guard let place = own.firstIndex(where: { $0.effects.contains { $0.id == key.effect } }) else { return nil }
        let start = own[...place].lastIndex { $0.beginsBehaviour } ?? own.startIndex
        // An item that had to wait is taken when something else is done.
        let waited = own[..<start].last { if case .item = $0.input { !$0.beginsBehaviour } else { false } }
        return Cause(turns: Array(own[start...place]), trigger: waited?.input, effect: key.effect) { effect in
            ends[EffectKey(session: key.session, effect: effect)]
        }
    }
}

extension TurnTraces.Turn {
    var behaviours: [BotDefinition.Reachable] { places.filter(\.isBehaviour) }

    var beginsBehaviour: Bool { !behaviours.isEmpty }

    /// The behaviours and steps that it began, in this order.
    var places: [BotDefinition.Reachable] {
        let all = bot.definition.places
        return reached.compactMap { mark in all.first { $0.mark == mark } }
    }
}

extension BotDefinition.Reachable {
    var isBehaviour: Bool { what.hasPrefix("when: ") || what.hasPrefix("name: ") }
}
