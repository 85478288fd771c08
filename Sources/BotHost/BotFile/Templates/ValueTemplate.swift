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
        case .array(let elements):
            var values: [JSON] = []
            for element in elements { values.append(try element.evaluate(in: scope)) }
            return .array(values)
        case .object(let members):
            var values: [String: JSON] = [:]
            for (key, value) in members { values[key] = try value.evaluate(in: scope) }
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
