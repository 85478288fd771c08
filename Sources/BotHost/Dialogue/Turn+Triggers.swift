import ActionKit
import Logging

/// Which behaviour an item starts.
extension Turn {
    /// Starts the first behaviour that fits the item, if one does.
    mutating func dispatch(_ item: ChatItem) {
        let found =
            switch item.kind {
            case .message: firstFitting(item) { $0 == .message } ?? firstFitting(item) { $0 == .unmatched }
            case .attachment: firstFitting(item) { $0 == .attachment }
            case .event(let type): firstFitting(item) { $0 == .event(nil) || $0 == .event(type) }
            }
        if let found, mayAnswer(item) { start(found) }
    }

    /// Starts the first behaviour with the trigger whose condition holds.
    mutating func startFirst(failure: StepFailure? = nil, item: ChatItem? = nil, where isTrigger: (Behaviour.Trigger) -> Bool) {
        var scope = scope
        scope.failure = failure
        scope.item = item
        for behaviour in definition.behaviours where behaviour.trigger.map(isTrigger) ?? false {
            guard holds(behaviour.filter.condition, in: scope, of: behaviour) else { continue }
            return start(Fit(behaviour: behaviour, item: item), failure: failure)
        }
    }

    /// A message that does not answer the question goes to the behaviour that asks for it by `matches` or `says`, or to any other.
    mutating func interruption(by item: ChatItem) -> Fit? {
        let asking = state.run?.frames.first?.block
        return firstFitting(item, where: { $0 == .message }, isEligible: { $0.body != asking || $0.filter.isParticular })
    }

    /// A behaviour that fits an item, and what its pattern found there.
    struct Fit {
        let behaviour: Behaviour
        var item: ChatItem?
        var match: PatternMatch?
    }

    mutating func start(_ fit: Fit, failure: StepFailure? = nil) {
        reached.append(fit.behaviour.mark)
        var run = Run(frames: [Run.Frame(block: fit.behaviour.body, failure: failure)])
        run.item = fit.item
        if let match = fit.match { run.capture(match) }
        state.run = run
        steps = 0
    }

    private mutating func firstFitting(
        _ item: ChatItem,
        where isTrigger: (Behaviour.Trigger) -> Bool,
        isEligible: (Behaviour) -> Bool = { _ in true }
    ) -> Fit? {
        for behaviour in definition.behaviours where behaviour.trigger.map(isTrigger) ?? false && isEligible(behaviour) {
            if let fit = fit(behaviour, item) { return fit }
        }
        return nil
    }

    private mutating func fit(_ behaviour: Behaviour, _ item: ChatItem) -> Fit? {
        let filter = behaviour.filter
        guard isSender(item, among: filter.from) else { return nil }
        if !filter.says.isEmpty, !filter.says.contains(item.text?.normalisedForComparison ?? "") { return nil }
        var match: PatternMatch?
        if let pattern = filter.matches {
            do {
                match = try pattern.match(in: item.text ?? "")
            } catch {
                emit(.log(.error, error.description), line: behaviour.line)
            }
            if match == nil { return nil }
        }
        guard let condition = filter.condition else { return Fit(behaviour: behaviour, item: item, match: match) }
        var scope = sessionScope
        scope.item = item
        scope.match = match?.captures ?? []
        scope.locals = match?.named.mapValues(JSON.string) ?? [:]
        return holds(condition, in: scope, of: behaviour) ? Fit(behaviour: behaviour, item: item, match: match) : nil
    }

    private func isSender(_ item: ChatItem, among senders: Behaviour.Senders) -> Bool {
        switch senders {
        case .otherSide: isFromOtherSide(item)
        case .anyone: true
        case .roles(let roles): roles.contains(item.role)
        }
    }

    /// A condition that cannot be told does not hold.
    private mutating func holds(_ condition: Condition?, in scope: Scope, of behaviour: Behaviour) -> Bool {
        do {
            return try condition?.evaluate(in: scope) ?? true
        } catch {
            emit(.log(.warning, "the 'if' of this behaviour cannot be told: \(error.reason)"), line: behaviour.line)
            return false
        }
    }
}

extension Behaviour.Filter {
    /// Whether it picks certain messages out, rather than taking whatever is said.
    fileprivate var isParticular: Bool { matches != nil || !says.isEmpty }
}

extension Run {
    /// The groups of a pattern become variables.
    mutating func capture(_ found: PatternMatch) {
        match = found.captures
        locals.merge(found.named.mapValues(JSON.string)) { _, new in new }
    }
}

extension String {
    /// For `says`: equal, ignoring case and surrounding space.
    var normalisedForComparison: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return text.lowercased()
    }
}
