import ActionKit

/// What an `if` asks.
indirect enum Condition: Sendable {
    /// Neither missing nor null, false, 0, or empty.
    case holds(ValueTemplate)
    case equals(ValueTemplate, ValueTemplate)
    case matches(ValueTemplate, Pattern)
    /// A list has the element, or a text the part.
    case contains(ValueTemplate, ValueTemplate)
    case less(ValueTemplate, ValueTemplate)
    case greater(ValueTemplate, ValueTemplate)
    /// There is a value, and it is not null.
    case present(ValuePath)
    case not(Condition)
    case all([Condition])
    case any([Condition])
}

extension Condition {
    /// - Parameter found: Gets what the patterns found, for the captures.
    func evaluate(in scope: Scope, found: (PatternMatch) -> Void = { _ in }) throws(StepFailure) -> Bool {
        switch self {
        case .holds(let value):
            return try value.evaluateIfPresent(in: scope)?.isTruthy ?? false
        case .equals(let left, let right):
            return try left.evaluate(in: scope).means(right.evaluate(in: scope))
        case .contains(let whole, let part):
            return try Self.contains(whole.evaluate(in: scope), part.evaluate(in: scope))
        case .less(let left, let right):
            return try Self.isLess(left.evaluate(in: scope), right.evaluate(in: scope))
        case .greater(let left, let right):
            return try Self.isLess(right.evaluate(in: scope), left.evaluate(in: scope))
        case .present(let path):
            return scope[path].map { !$0.isNull } ?? false
        case .not(let condition):
            return try !condition.evaluate(in: scope)
        case .all(let conditions):
            for condition in conditions where try !condition.evaluate(in: scope, found: found) { return false }
            return true
        case .any(let conditions):
            for condition in conditions where try condition.evaluate(in: scope, found: found) { return true }
            return false
        case .matches(let value, let pattern):
            guard let match = try pattern.find(in: value.evaluate(in: scope).text()) else { return false }
            found(match)
            return true
        }
    }

    /// By size, exactly. A number may also be written as a text.
    private static func isLess(_ left: JSON, _ right: JSON) throws(StepFailure) -> Bool {
        try left.amount() < right.amount()
    }

    private static func contains(_ whole: JSON, _ part: JSON) throws(StepFailure) -> Bool {
        switch whole {
        case .array(let elements): elements.contains { $0.means(part) }
        case .object(let members): try members[part.text()] != nil
        default: try whole.text().contains(part.text())
        }
    }
}

extension Pattern {
    /// As ``match(in:)``, for a step.
    func find(in text: String) throws(StepFailure) -> PatternMatch? {
        do {
            return try match(in: text)
        } catch {
            throw StepFailure(reason: error.description, kind: .invalid)
        }
    }
}
