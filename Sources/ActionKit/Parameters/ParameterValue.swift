/// A type that a parameter of an action may have.
///
/// There are `String`, `Int`, `Double`, `Decimal`, `Bool` and ``JSON``, arrays and dictionaries of such types, and `Optional` for what may be
/// left out. An enumeration of strings becomes a list of the only values accepted, without further code:
///
/// ```swift
/// enum Size: String, CaseIterable, ParameterValue { case small, large }
/// ```
///
/// For an object with properties of its own see ``ParameterObject``.
public protocol ParameterValue: Sendable {
    /// What a value must look like. A call whose arguments do not fit is refused before the action runs.
    static var schema: Schema { get }

    /// The value that the JSON stands for.
    ///
    /// - Throws: ``ActionError`` for what ``schema`` accepts and this type cannot hold, such as a number that is too large.
    init(json: JSON) throws

    /// What a parameter without a default is when the call leaves it out; `nil`, as for nearly every type: it must be there.
    static var absent: Self? { get }

    /// The value as a default is shown in the schema; `nil` shows none.
    var defaultJSON: JSON? { get }
}

extension ParameterValue {
    /// Must be there.
    public static var absent: Self? { nil }

    /// Not shown.
    public var defaultJSON: JSON? { nil }
}

// MARK: Enumerations

extension ParameterValue where Self: RawRepresentable & CaseIterable, RawValue == String {
    public static var schema: Schema { .string(oneOf: allCases.map(\.rawValue)) }

    public init(json: JSON) throws {
        guard let value = json.stringValue.flatMap(Self.init(rawValue:)) else { throw json.isNot(Self.schema) }
        self = value
    }

    public var defaultJSON: JSON? { .string(rawValue) }
}

extension JSON {
    /// The error of a value that should be what the schema says.
    func isNot(_ schema: Schema) -> ActionError {
        ActionError(schema.validate(self).first?.message ?? "expected \(schema.expectation), found another value")
    }
}
