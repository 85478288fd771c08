extension Dialogue {
    /// What a session waits for, for the person who wonders why nothing happens.
    package func whatIsAwaited(in state: DialogueState) -> String {
        guard let run = state.run, let waiting = run.waiting, let frame = run.frames.last else { return "no behaviour is running" }
        let steps = definition[frame.block].steps
        guard steps.indices.contains(frame.next) else { return "a behaviour is running" }
        let step = steps[frame.next]
        let reason =
            switch waiting.reason {
            case .answer: "an answer"
            case .time: "its time to come"
            case .effects: "what it does to be done"
            }
        return "'\(step.kind.name)' at \(definition.place(line: step.mark.line)) waits for \(reason)"
    }
}
