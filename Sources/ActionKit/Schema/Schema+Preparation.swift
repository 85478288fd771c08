/// A value that its schema does not accept, with everything that is wrong.
public struct SchemaMismatch: Error, Hashable, CustomStringConvertible {
    /// In the order of the schema.
    public let problems: [SchemaProblem]

    /// The first problems in words, and how many more there are: a long list can be wrong in every line.
    public var description: String {
        let first = problems.prefix(20).map(\.description).joined(separator: "; ")
        return problems.count > 20 ? "\(first); and \(problems.count - 20) more" : first
    }
}

extension Schema {
    /// The value as an action gets it: strings coerced, defaults filled in, and all of it valid.
    public func prepare(_ value: JSON) throws(SchemaMismatch) -> JSON {
        let value = filled(coerce(value))
        let problems = validate(value)
        guard problems.isEmpty else { throw SchemaMismatch(problems: problems) }
        return value
    }

    /// Turns strings into the numbers, integers and booleans that the schema wants, where nothing is lost: "5" becomes 5, "true" becomes
    /// true, while "no", "01234" and "5 apples" stay strings. Null for a property that may be absent, and cannot be null, is left out. What
    /// does not fit is left for ``validate(_:at:unless:)`` to report.
    public func coerce(_ value: JSON) -> JSON {
        switch (kind, value) {
        case (.number, .string(let text)):
            return JSONNumber(exactly: text).map(JSON.number) ?? value
        case (.integer, .string(let text)):
            guard let number = JSONNumber(exactly: text), number.isWhole else { return value }
            return .number(number)
        case (.boolean, .string("true")): return true
        case (.boolean, .string("false")): return false
        case (.array(let element), .array(let elements)):
            return .array(elements.map(element.coerce))
        case (.object(let properties, let additional), .object(var members)):
            for (name, value) in members {
                let property = properties.first { $0.name == name }
                if value.isNull, property?.treatsNullAsAbsent ?? false {
                    members[name] = nil
                    continue
                }
                guard let schema = property?.schema ?? additional else { continue }
                let coerced = schema.coerce(value)
                if coerced != value { members[name] = coerced }
            }
            return .object(members)
        case (.anyOf(let schemas), _):
            guard validate(value).isEmpty else {
                return schemas.lazy.map { $0.coerce(value) }.first { validate($0).isEmpty } ?? value
            }
            return value
        default:
            return value
        }
    }

    private func filled(_ value: JSON) -> JSON {
        switch (kind, value) {
        case (.object(let properties, _), .object(var members)):
            for property in properties {
                let value = members[property.name]
                let filled = value.map(property.schema.filled) ?? property.schema.defaultValue
                if filled != value { members[property.name] = filled }
            }
            return .object(members)
        case (.array(let element), .array(let elements)):
            return .array(elements.map(element.filled))
        case (.anyOf(let schemas), _):
            return schemas.first { $0.validate(value).isEmpty }?.filled(value) ?? value
        default:
            return value
        }
    }
}

extension Schema.Property {
    /// Callers write null for what they do not have.
    fileprivate var treatsNullAsAbsent: Bool { !isRequired && !schema.validate(.null).isEmpty }
}
