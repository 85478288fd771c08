/// Warnings about what can never happen.
extension BotReader {
    mutating func checkReach(_ behaviours: [Behaviour]) {
        for (index, behaviour) in behaviours.enumerated() where behaviour.name == nil {
            guard let earlier = behaviours[..<index].first(where: { $0.takesAll(of: behaviour) }) else { continue }
            warn("never reached: the behaviour of line \(earlier.line) takes all that this one would", at: behaviour.mark)
        }
        for behaviour in behaviours where behaviour.trigger == nil {
            guard let name = behaviour.name, !blocks.contains(where: { $0.steps.contains { $0.runs(behaviour.body) } }) else { continue }
            warn("never reached: it has no 'when', and no 'run: \(name)' names it", at: behaviour.mark)
        }
        for block in blocks {
            for (step, next) in zip(block.steps, block.steps.dropFirst()) where step.endsRun(in: blocks) {
                warn("never reached: the run ends in line \(step.line)", at: next.mark)
                break
            }
        }
    }

    private mutating func warn(_ message: String, at mark: SourceMark) {
        report(message, at: mark, severity: .warning)
    }
}

extension Behaviour {
    /// Whether it is tried before the other, and fits whatever the other fits.
    fileprivate func takesAll(of other: Behaviour) -> Bool {
        guard filter.condition == nil, filter.from.include(other.filter.from) else { return false }
        if let pattern = filter.matches, pattern.source != other.filter.matches?.source { return false }
        if !filter.says.isEmpty, other.filter.says.isEmpty || !Set(filter.says).isSuperset(of: other.filter.says) { return false }
        switch (trigger, other.trigger) {
        case (.event(nil)?, .event?): return true
        case (.message?, .unmatched?): return filter.matches == nil && filter.says.isEmpty
        default: return trigger != nil && trigger == other.trigger
        }
    }
}

extension Behaviour.Senders {
    fileprivate func include(_ others: Self) -> Bool {
        switch (self, others) {
        case (.anyone, _): true
        case (.roles(let roles), .roles(let others)): roles.isSuperset(of: others)
        default: self == others
        }
    }
}

extension Step {
    /// Whether the run is over with it, whatever happens.
    fileprivate func endsRun(in blocks: [Block]) -> Bool {
        switch kind {
        case .stop: true
        case .leave: otherwise == nil
        case .branch(_, let then?, let other?):
            otherwise == nil && [then, other].allSatisfy { blocks[$0.rawValue].steps.contains { $0.endsRun(in: blocks) } }
        default: false
        }
    }

    fileprivate func runs(_ body: BlockID) -> Bool {
        if case .run(body) = kind { true } else { false }
    }
}
