import ActionKit
package import FoundationEssentials

/// All that a dialogue remembers between two inputs. Small, and the same after it was written and read back.
package struct DialogueState: Hashable, Sendable {
    /// What `set` has changed; the rest of the session's variables is as the bot file has it.
    var variables: [String: JSON] = [:]
    var facts = DialogueFacts()
    var hasJoined = false
    var hasEnded = false
    var run: Run?
    /// What came while the run was busy, in order of arrival; at most ``Dialogue/queueLimit``.
    var queue: [ChatItem] = []
    /// Kept where the bot has `idle` behaviours.
    var silence: Silence?
    /// Kept once something has been answered.
    var loopGuard: LoopGuard?
    var nextEffect: EffectID = 1

    /// Of a session that has not begun.
    package init() {}

    /// When the dialogue next wants a ``DialogueInput/tick``.
    package var nextDeadline: Date? {
        // A silence that ends during a run is answered after it.
        run.map(\.nextDeadline) ?? silence?.deadline
    }

    /// The effects whose outcomes the dialogue waits for, in the order in which they are to happen.
    package var awaitedEffects: [EffectID] {
        guard case .effects(let effects)? = run?.waiting?.reason else { return [] }
        return effects
    }

    /// Whether one more item may wait. An item that comes all the same is refused and logged.
    package var canTakeItem: Bool { queue.count < Dialogue.queueLimit }

    /// Whether no behaviour is running.
    package var isIdle: Bool { run == nil }
}
