import ActionKit

/// A value of a bot file, with places for others in it.
indirect enum ValueTemplate: Sendable {
    case constant(JSON)
    case text(Template)
    /// Nothing but one `{{...}}`, so the value keeps its type.
    case value(Template.Expression)
    case array([ValueTemplate])
    case object([(key: String, value: ValueTemplate)])

    init(_ template: Template) {
        if let constant = template.constant {
            self = .constant(.string(constant))
        } else if let expression = template.soleExpression {
            self = .value(expression)
        } else {
            self = .text(template)
        }
    }

    var constant: JSON? {
        if case .constant(let value) = self { value } else { nil }
    }
}

extension ValueTemplate {
    func evaluate(in scope: Scope) throws(StepFailure) -> JSON {
        switch self {
        case .constant(let value): return value
        case .text(let template): return .string(try template.render(in: scope))
        case .value(let expression):
            guard let value = try expression.evaluate(in: scope) else { throw expression.isMissing }
            return value
        case .array, .object:
            var meter = ValueMeter()
            return try composed(in: scope, &meter, depth: 0)
        }
    }

    /// Measured part by part, so that what is too large is never there as a whole.
    private func composed(in scope: Scope, _ meter: inout ValueMeter, depth: Int) throws(StepFailure) -> JSON {
        switch self {
        case .constant, .text, .value:
            let value = try evaluate(in: scope)
            try meter.count(value, depth: depth)
            return value
        case .array(let elements):
            try meter.open(depth: depth)
            var values: [JSON] = []
            for element in elements {
                try meter.add(1)
                values.append(try element.composed(in: scope, &meter, depth: depth + 1))
            }
            return .array(values)
        case .object(let members):
            try meter.open(depth: depth)
            var values: [String: JSON] = [:]
            for (key, value) in members {
                try meter.countMember(key)
                values[key] = try value.composed(in: scope, &meter, depth: depth + 1)
            }
            return .object(values)
        }
    }

    /// Nil where there is nothing at the end of the path.
    func evaluateIfPresent(in scope: Scope) throws(StepFailure) -> JSON? {
        guard case .value(let expression) = self else { return try evaluate(in: scope) }
        return try expression.evaluateIfPresent(in: scope)
    }
}

extension Template.Expression {
    /// Nil if the value is missing and no filter minds.
    func evaluate(in scope: Scope) throws(StepFailure) -> JSON? {
        var value = scope[path]
        for filter in filters { value = try filter.apply(to: value, of: path) }
        return value
    }

    /// Nil also where a filter had nothing to work with.
    func evaluateIfPresent(in scope: Scope) throws(StepFailure) -> JSON? {
        guard hasDefault || scope[path].map({ !$0.isNull }) ?? false else { return nil }
        return try evaluate(in: scope)
    }

    var isMissing: StepFailure {
        StepFailure(reason: "'\(path)' has no value", kind: .invalid)
    }
}
