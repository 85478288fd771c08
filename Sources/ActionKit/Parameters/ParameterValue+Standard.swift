public import FoundationEssentials

extension JSON: ParameterValue {
    /// Anything at all.
    public static var schema: Schema { .any }
    public init(json: JSON) { self = json }
    public var defaultJSON: JSON? { self }
}

extension String: ParameterValue {
    public static var schema: Schema { .string }

    public init(json: JSON) throws {
        guard let value = json.stringValue else { throw json.isNot(Self.schema) }
        self = value
    }

    public var defaultJSON: JSON? { .string(self) }
}

extension Bool: ParameterValue {
    public static var schema: Schema { .boolean }

    public init(json: JSON) throws {
        guard let value = json.boolValue else { throw json.isNot(Self.schema) }
        self = value
    }

    public var defaultJSON: JSON? { .bool(self) }
}

// MARK: Numbers

extension Int: ParameterValue {
    public static var schema: Schema { .integer }

    /// Accepts whole numbers however they are written: 5, 5.0, 5e2.
    public init(json: JSON) throws {
        guard let number = json.numberValue else { throw json.isNot(Self.schema) }
        guard let value = number.int else { throw number.isBeyond("\(Int.min) to \(Int.max)") }
        self = value
    }

    public var defaultJSON: JSON? { .number(JSONNumber(self)) }
}

extension Double: ParameterValue {
    public static var schema: Schema { .number }

    /// The nearest binary value. For money, use `Decimal`.
    public init(json: JSON) throws {
        guard let number = json.numberValue else { throw json.isNot(Self.schema) }
        guard number.double.isFinite else { throw number.isBeyond("what a binary number of 64 bits holds") }
        self = number.double
    }

    /// Not shown where it is infinite or no number: JSON has neither.
    public var defaultJSON: JSON? { JSONNumber(self).map(JSON.number) }
}

extension Decimal: ParameterValue {
    public static var schema: Schema { .number }

    /// Exactly the number that was written.
    public init(json: JSON) throws {
        guard let number = json.numberValue else { throw json.isNot(Self.schema) }
        guard let value = number.decimal else { throw number.isBeyond("38 significant digits") }
        self = value
    }

    public var defaultJSON: JSON? { JSONNumber(self).map(JSON.number) }
}

extension JSONNumber {
    fileprivate func isBeyond(_ range: String) -> ActionError {
        ActionError("the number \(text.prefix(40)) is beyond \(range)")
    }
}

// MARK: Of other types

extension Optional: ParameterValue where Wrapped: ParameterValue {
    public static var schema: Schema { Wrapped.schema }
    public init(json: JSON) throws { self = try Wrapped(json: json) }
    public static var absent: Self? { .some(nil) }
    public var defaultJSON: JSON? { self?.defaultJSON }
}

extension Array: ParameterValue where Element: ParameterValue {
    public static var schema: Schema { .array(of: Element.schema) }

    public init(json: JSON) throws {
        guard let elements = json.arrayValue else { throw json.isNot(Self.schema) }
        self = try elements.map(Element.init(json:))
    }

    public var defaultJSON: JSON? {
        let elements = compactMap(\.defaultJSON)
        return elements.count == count ? .array(elements) : nil
    }
}

extension Dictionary: ParameterValue where Key == String, Value: ParameterValue {
    public static var schema: Schema { .object([], additional: Value.schema) }

    public init(json: JSON) throws {
        guard let members = json.objectValue else { throw json.isNot(Self.schema) }
        self = try members.mapValues(Value.init(json:))
    }

    public var defaultJSON: JSON? {
        let members = compactMapValues(\.defaultJSON)
        return members.count == count ? .object(members) : nil
    }
}
