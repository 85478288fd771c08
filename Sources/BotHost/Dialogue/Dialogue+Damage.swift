extension Dialogue {
    /// Whether the dialogue can go on from a state that was stored. A row that can be read may still lead to steps that the bot does not have.
    package func check(_ state: DialogueState) throws(DamagedState) {
        if let run = state.run {
            guard !run.frames.isEmpty else { throw DamagedState(problem: "its run is at no step") }
            for frame in run.frames {
                guard definition.blocks.indices.contains(frame.block.rawValue),
                    (0...definition[frame.block].steps.count).contains(frame.next)
                else { throw DamagedState(problem: "its run is at a step that the bot does not have") }
            }
        }
        if let silence = state.silence, !(0...definition.idleTimes.count).contains(silence.next) {
            throw DamagedState(problem: "its silence waits for an idle time that the bot does not have")
        }
        guard state.loopGuard?.isCountable ?? true else { throw DamagedState(problem: "its messages were counted wrong") }
        guard (1...Self.effectLimit).contains(state.nextEffect.rawValue) else {
            throw DamagedState(problem: "its next effect would have the number \(state.nextEffect.rawValue)")
        }
    }

    /// More effects than a session ever has, and far from what cannot be counted.
    private static let effectLimit = Int.max / 2
}

/// A stored state that no dialogue of the bot has come to.
package struct DamagedState: Error, Hashable, CustomStringConvertible {
    package let problem: String

    package var description: String { problem }
}
