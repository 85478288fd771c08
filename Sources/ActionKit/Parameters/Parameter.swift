/// One parameter of an action, or one property of a ``ParameterObject``: its name, its type, and what it means.
///
/// ```swift
/// Parameter("text", String.self, "What to say")                              // required
/// Parameter("times", Int.self, "How often", default: 1)                      // has a value when it is absent
/// Parameter("customer", String?.self, "Whom it is for")                      // nil when it is absent
/// Parameter("order", String.self, "Its number", .string(maxLength: 20))      // narrower than the type's own schema
/// ```
public struct Parameter<Value: ParameterValue>: Sendable {
    /// As a bot file writes it.
    public let name: String
    /// What a value must look like, with its description and default.
    public let schema: Schema
    /// Whether a call without it is refused.
    public var isRequired: Bool { absent == nil }
    private let absent: Value?

    /// A parameter that must be there, unless its type is optional.
    ///
    /// - Parameters:
    ///   - description: For the author of a bot file: what it means, and in which unit.
    ///   - schema: Where the type's own accepts too much.
    public init(_ name: String, _ type: Value.Type = Value.self, _ description: String, _ schema: Schema = Value.schema) {
        self.name = name
        self.schema = schema.described(description)
        absent = Value.absent
    }

    /// A parameter that may be left out.
    public init(
        _ name: String,
        _ type: Value.Type = Value.self,
        _ description: String,
        _ schema: Schema = Value.schema,
        default defaultValue: Value
    ) {
        self.name = name
        var schema = schema.described(description)
        schema.defaultValue = defaultValue.defaultJSON
        self.schema = schema
        absent = defaultValue
    }
}

extension Parameter {
    var property: Schema.Property {
        isRequired ? .required(name, schema) : .optional(name, schema)
    }

    /// The value among arguments that the schema has accepted.
    func value(in arguments: [String: JSON]) throws -> Value {
        guard let json = arguments[name] else {
            if let absent { return absent }
            throw ActionError("'\(name)' is missing: \(schema.expectation)")
        }
        do {
            return try Value(json: json)
        } catch let error as ActionError {
            throw ActionError("\(name): \(error.reason)", message: error.message)
        }
    }
}
