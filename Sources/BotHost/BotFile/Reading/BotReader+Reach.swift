/// Warnings about what can never happen.
extension BotReader {
    mutating func checkReach(_ behaviours: [Behaviour]) {
        for (index, behaviour) in behaviours.enumerated() where behaviour.name == nil {
            guard let earlier = behaviours[..<index].first(where: { $0.takesAll(of: behaviour) }) else { continue }
            warn("never reached: the behaviour of line \(earlier.line) takes all that this one would", at: behaviour.mark)
        }
        for block in blocks {
            for (step, next) in zip(block.steps, block.steps.dropFirst()) where step.endsRun {
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
        guard filter.matches == nil, filter.says.isEmpty, filter.condition == nil, filter.from.include(other.filter.from) else {
            return false
        }
        switch (trigger, other.trigger) {
        case (.event(nil)?, .event?), (.message?, .unmatched?): return true
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
    fileprivate var endsRun: Bool {
        switch kind {
        case .stop: true
        case .leave: otherwise == nil
        default: false
        }
    }
}
