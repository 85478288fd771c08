package import ConnectWire
package import FoundationEssentials

/// A bot's part in a conversation: what it says and does next, given what has happened. Pure.
package struct Dialogue: Sendable {
    /// How many items may wait for a busy run. When there are as many, the newest is refused, and that is logged.
    package static let queueLimit = 64
    /// How deep `run` may nest.
    package static let runDepthLimit = 32
    /// How many steps a run may do in one turn, without waiting for anything.
    package static let stepLimit = 10_000
    /// How many of them it does before others get their turn.
    static let portion = 32

    package let definition: BotDefinition
    /// Whom the bot talks to, unless a behaviour's `from` says otherwise.
    let otherSide: Set<ParticipantRole>

    /// - Parameter role: The bot's own role in the contact.
    package init(definition: BotDefinition, role: ParticipantRole = .customBot) {
        self.definition = definition
        otherSide = role == .customer ? [.agent, .customBot] : [.customer]
    }

    /// What the input makes of the state.
    package func step(_ state: DialogueState, _ input: DialogueInput, now: Date) -> DialogueStep {
        var turn = Turn(dialogue: self, state: state, input: input, now: now)
        while !turn.proceed() {}
        return turn.outcome
    }

    /// As ``step(_:_:now:)``, for one dialogue among many: however long it takes, others get their turn meanwhile, and it can be cancelled.
    /// - Throws: `CancellationError`.
    func turn(_ state: DialogueState, _ input: DialogueInput, now: Date) async throws -> DialogueStep {
        var turn = Turn(dialogue: self, state: state, input: input, now: now)
        while !turn.proceed() {
            await Task.yield()
            try Task.checkCancellation()
        }
        return turn.outcome
    }
}

/// What one input makes of a dialogue.
package struct DialogueStep: Hashable, Sendable {
    package let state: DialogueState
    /// What is to be done, in order.
    package let effects: [DialogueEffect]
    /// The behaviours and steps that were begun, in order: marks of ``BotDefinition/places``.
    package let reached: [SourceMark]
}
