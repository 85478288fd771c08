/// What a value must look like: the part of JSON Schema 2020-12 that describes the parameters of actions.
///
/// ```swift
/// Schema.object([
///     .required("order", .string(maxLength: 20).described("The order's number")),
///     .optional("format", .string(oneOf: ["txt", "csv"]).defaulting(to: "txt")),
/// ])
/// ```
public struct Schema: Sendable, Hashable {
    /// Which values there are to choose from.
    public indirect enum Kind: Sendable, Hashable {
        case any
        case null
        case boolean
        /// A number without a fraction: 5 and 5.0.
        case integer
        case number
        /// `maxLength` counts Unicode scalars.
        case string(maxLength: Int?)
        case array(of: Schema)
        /// `additional` is what a property that is not named must look like; `nil` refuses it.
        case object([Property], additional: Schema?)
        /// At least one of these fits.
        case anyOf([Schema])
    }

    /// A member that an object may or must have.
    public struct Property: Sendable, Hashable {
        public let name: String
        public let schema: Schema
        public let isRequired: Bool

        /// A member that must be there.
        public static func required(_ name: String, _ schema: Schema) -> Property {
            Property(name: name, schema: schema, isRequired: true)
        }

        /// A member that may be left out; its schema may have a default for that case.
        public static func optional(_ name: String, _ schema: Schema) -> Property {
            Property(name: name, schema: schema, isRequired: false)
        }
    }

    /// The kind of value.
    public var kind: Kind
    /// What the value means, for the author of a bot file.
    public var description: String?
    /// What an absent optional property is taken to be.
    public var defaultValue: JSON?
    /// The only values accepted, where there is such a list.
    public var allowed: [JSON]?

    /// A schema from its parts; the static members below are shorter.
    public init(_ kind: Kind, description: String? = nil, default defaultValue: JSON? = nil, allowed: [JSON]? = nil) {
        self.kind = kind
        self.description = description
        self.defaultValue = defaultValue
        self.allowed = allowed
    }
}

extension Schema {
    /// Any value.
    public static let any = Schema(.any)
    /// true or false.
    public static let boolean = Schema(.boolean)
    /// A number without a fraction.
    public static let integer = Schema(.integer)
    /// Any number.
    public static let number = Schema(.number)
    /// A text of any length.
    public static let string = Schema(.string(maxLength: nil))

    /// A text of at most so many Unicode scalars.
    public static func string(maxLength: Int) -> Schema { Schema(.string(maxLength: maxLength)) }

    /// One of these texts.
    public static func string(oneOf values: [String]) -> Schema {
        Schema(.string(maxLength: nil), allowed: values.map(JSON.string))
    }

    /// A list of such elements.
    public static func array(of element: Schema) -> Schema { Schema(.array(of: element)) }

    /// An object with these properties; others are refused, unless `additional` says what they must look like.
    public static func object(_ properties: [Property], additional: Schema? = nil) -> Schema {
        Schema(.object(properties, additional: additional))
    }

    /// A value that fits at least one of these.
    public static func anyOf(_ schemas: [Schema]) -> Schema { Schema(.anyOf(schemas)) }

    /// The same, with a description.
    public func described(_ description: String) -> Schema {
        var copy = self
        copy.description = description
        return copy
    }

    /// The same, with a default for when it is left out.
    public func defaulting(to value: JSON) -> Schema {
        var copy = self
        copy.defaultValue = value
        return copy
    }

    /// The named properties of an object, as declared; none for anything else.
    public var properties: [Property] {
        if case .object(let properties, _) = kind { properties } else { [] }
    }
}
