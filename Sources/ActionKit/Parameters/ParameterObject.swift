/// A parameter that is an object with properties of its own.
///
/// Its ``shape`` says once what the properties are, for the schema and for reading alike:
///
/// ```swift
/// struct Line: ParameterObject {
///     let text: String
///     let quantity: Int
///
///     static let shape = Shape(
///         Line.init,
///         Parameter("text", String.self, "What was bought"),
///         Parameter("quantity", Int.self, "How many", default: 1)
///     )
/// }
/// ```
public protocol ParameterObject: ParameterValue {
    static var shape: Shape<Self> { get }
}

extension ParameterObject {
    public static var schema: Schema { shape.schema }

    public init(json: JSON) throws {
        guard let members = json.objectValue else { throw json.isNot(Self.schema) }
        self = try Self.shape.read(members)
    }
}

/// The properties of an object, and how a value is made of them.
public struct Shape<Object: Sendable>: Sendable {
    /// An object schema.
    public let schema: Schema
    let read: @Sendable ([String: JSON]) throws -> Object

    /// - Parameters:
    ///   - make: Makes a value of the properties, in the order of `properties`: most often the type's own `init`.
    ///   - isOpen: Whether properties that are not named are accepted, and ignored. Otherwise they are refused.
    public init<each Value: ParameterValue>(
        _ make: @escaping @Sendable (repeat each Value) throws -> Object,
        _ properties: repeat Parameter<each Value>,
        isOpen: Bool = false
    ) {
        var named: [Schema.Property] = []
        for property in repeat each properties { named.append(property.property) }
        schema = .object(named, additional: isOpen ? .any : nil)
        read = { members in try make(repeat (each properties).value(in: members)) }
    }
}
