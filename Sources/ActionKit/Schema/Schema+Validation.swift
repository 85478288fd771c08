/// One thing that is wrong with a value, and where.
public struct SchemaProblem: Sendable, Hashable, CustomStringConvertible {
    /// An unknown property's path is its own; a missing one's is that of the object that lacks it.
    public let path: JSONPath
    /// What is wrong, in words, without the path.
    public let message: String

    public var description: String { path.elements.isEmpty ? message : "\(path): \(message)" }
}

extension Schema {
    /// Everything that is wrong with the value.
    ///
    /// - Parameters:
    ///   - path: Where the value is, for the paths of the problems.
    ///   - isUnknown: Says of a value that it will be known later (a template), and so is accepted wherever it stands.
    public func validate(_ value: JSON, at path: JSONPath = [], unless isUnknown: (JSON) -> Bool = { _ in false }) -> [SchemaProblem] {
        if isUnknown(value) { return [] }
        let problems = problemsOfKind(value, at: path, unless: isUnknown)
        guard problems.isEmpty, let allowed, !allowed.contains(value) else { return problems }
        return [SchemaProblem(path: path, message: notAllowed(value, allowed))]
    }

    private func problemsOfKind(_ value: JSON, at path: JSONPath, unless isUnknown: (JSON) -> Bool) -> [SchemaProblem] {
        switch (kind, value) {
        case (.any, _), (.null, .null), (.boolean, .bool), (.number, .number), (.string(nil), .string): return []
        case (.integer, .number(let number)) where number.isWhole: return []
        case (.string(let maxLength?), .string(let text)):
            let length = text.unicodeScalars.count
            return length <= maxLength ? [] : [SchemaProblem(path: path, message: "is \(length) characters long; at most \(maxLength)")]
        case (.array(let element), .array(let elements)):
            return elements.enumerated().flatMap { element.validate($1, at: path / $0, unless: isUnknown) }
        case (.object(let properties, let additional), .object(let members)):
            return missing(properties, in: members, at: path)
                + members.sorted { $0.key < $1.key }.flatMap { name, value in
                    if let property = properties.first(where: { $0.name == name }) {
                        property.schema.validate(value, at: path / name, unless: isUnknown)
                    } else if let additional {
                        additional.validate(value, at: path / name, unless: isUnknown)
                    } else {
                        [SchemaProblem(path: path / name, message: unknown(name, among: properties.map(\.name)))]
                    }
                }
        case (.anyOf(let schemas), _):
            return problemsOfBest(schemas, value, at: path, unless: isUnknown)
        default:
            return [SchemaProblem(path: path, message: "expected \(expectation), found \(value.summary)")]
        }
    }

    /// The problems with the choice that was meant: the first that is of the value's type, with the fewest problems.
    private func problemsOfBest(
        _ schemas: [Schema],
        _ value: JSON,
        at path: JSONPath,
        unless isUnknown: (JSON) -> Bool
    ) -> [SchemaProblem] {
        let problems = schemas.map { $0.validate(value, at: path, unless: isUnknown) }
        if problems.contains(where: \.isEmpty) { return [] }
        let ofType = zip(schemas, problems).filter { $0.0.hasType(of: value) }.map(\.1)
        return ofType.min { $0.count < $1.count }
            ?? [SchemaProblem(path: path, message: "expected \(expectation), found \(value.summary)")]
    }

    private func hasType(of value: JSON) -> Bool {
        switch (kind, value) {
        case (.string, .string), (.array, .array), (.object, .object), (.anyOf, _): true
        default: allowed != nil && problemsOfKind(value, at: [], unless: { _ in false }).isEmpty
        }
    }

    private func missing(_ properties: [Property], in members: [String: JSON], at path: JSONPath) -> [SchemaProblem] {
        properties.filter { $0.isRequired && members[$0.name] == nil }
            .map { SchemaProblem(path: path, message: "'\($0.name)' is missing: \($0.schema.expectation)") }
    }
}

// MARK: Words

extension Schema {
    private func unknown(_ name: String, among names: [String]) -> String {
        let problem = "unknown property '\(name)'"
        if let nearest = nearest(to: name, in: names) { return "\(problem). Did you mean '\(nearest)'?" }
        return names.isEmpty ? "\(problem). None is expected." : "\(problem). Known: \(names.joined(separator: ", "))."
    }

    private func notAllowed(_ value: JSON, _ allowed: [JSON]) -> String {
        let names = allowed.map { $0.stringValue ?? $0.serialized() }
        let problem = "\(value.summary) is not one of \(names.joined(separator: ", "))"
        guard let text = value.stringValue, let nearest = nearest(to: text, in: names) else { return problem }
        return "\(problem). Did you mean '\(nearest)'?"
    }

    /// What is expected, as in "expected a number".
    var expectation: String {
        if let allowed { return allowed.map { $0.stringValue ?? $0.serialized() }.joined(separator: " or ") }
        switch kind {
        case .any: return "a value"
        case .null: return "null"
        case .boolean: return "true or false"
        case .integer: return "a whole number"
        case .number: return "a number"
        case .string: return "a string"
        case .array: return "a list"
        case .object: return "an object"
        case .anyOf(let schemas): return schemas.map(\.expectation).joined(separator: " or ")
        }
    }
}

extension JSON {
    /// The value in a few words, for messages: long ones are cut.
    fileprivate var summary: String {
        switch self {
        case .null: return "null"
        case .bool(let value): return "\(value)"
        case .number(let number): return "the number \(number.text.prefix(40))"
        case .array(let elements): return elements.isEmpty ? "an empty list" : "a list"
        case .object: return "an object"
        case .string(let text):
            let start = text.prefix(40)
            return JSON.string(start.endIndex == text.endIndex ? text : start + "…").serialized()
        }
    }
}
