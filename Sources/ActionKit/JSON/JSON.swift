/// A JSON value. Numbers keep the text they were written with.
///
/// Objects are compared as Swift dictionaries, so keys that are canonically equivalent in Unicode are one key; the parser refuses them as duplicates.
public enum JSON: Sendable, Hashable {
    case null
    case bool(Bool)
    case number(JSONNumber)
    case string(String)
    case array([JSON])
    case object([String: JSON])
}

extension JSON {
    /// Whether this is `null`.
    public var isNull: Bool { self == .null }

    /// The boolean; `nil` for any other kind of value.
    public var boolValue: Bool? {
        if case .bool(let value) = self { value } else { nil }
    }

    /// The number, as it was written; `nil` for any other kind of value.
    public var numberValue: JSONNumber? {
        if case .number(let value) = self { value } else { nil }
    }

    /// The number, where it is a whole one that fits.
    public var intValue: Int? { numberValue?.int }

    /// The string; `nil` for any other kind of value.
    public var stringValue: String? {
        if case .string(let value) = self { value } else { nil }
    }

    /// The elements; `nil` for any other kind of value.
    public var arrayValue: [JSON]? {
        if case .array(let value) = self { value } else { nil }
    }

    /// The members; `nil` for any other kind of value.
    public var objectValue: [String: JSON]? {
        if case .object(let value) = self { value } else { nil }
    }

    /// The member of an object; `nil` if there is none or this is no object. Setting on anything but an object does nothing.
    public subscript(key: String) -> JSON? {
        get { objectValue?[key] }
        set {
            guard case .object(var members) = self else { return }
            self = .null  // so that the members are not copied
            members[key] = newValue
            self = .object(members)
        }
    }

    /// The member of an object; `nil` as well where it is `null`, which many programs write for what they do not have.
    public subscript(present key: String) -> JSON? { self[key].flatMap { $0.isNull ? nil : $0 } }

    /// The element of an array; `nil` if it is out of range or this is no array.
    public subscript(index: Int) -> JSON? {
        guard case .array(let elements) = self, elements.indices.contains(index) else { return nil }
        return elements[index]
    }
}

// Not by `nil`: where a `JSON?` is meant, such a literal would be a value that is there, and null.
extension JSON: ExpressibleByBooleanLiteral, ExpressibleByIntegerLiteral, ExpressibleByFloatLiteral {
    public init(booleanLiteral value: Bool) { self = .bool(value) }
    public init(integerLiteral value: Int) { self = .number(JSONNumber(value)) }
    public init(floatLiteral value: Double) { self = .number(JSONNumber(floatLiteral: value)) }
}

extension JSON: ExpressibleByStringInterpolation, ExpressibleByArrayLiteral, ExpressibleByDictionaryLiteral {
    public init(stringLiteral value: String) { self = .string(value) }
    public init(arrayLiteral elements: JSON...) { self = .array(elements) }

    /// The last of several equal keys wins.
    public init(dictionaryLiteral elements: (String, JSON)...) {
        self = .object(Dictionary(elements) { _, last in last })
    }
}

extension JSON: CustomStringConvertible {
    public var description: String { serialized() }
}
