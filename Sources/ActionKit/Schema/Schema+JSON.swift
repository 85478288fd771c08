extension Schema {
    /// This schema as JSON Schema 2020-12.
    public var json: JSON {
        var members = keywords
        if let description { members["description"] = .string(description) }
        if let defaultValue { members["default"] = defaultValue }
        if let allowed { members["enum"] = .array(allowed) }
        return .object(members)
    }

    private var keywords: [String: JSON] {
        switch kind {
        case .any: return [:]
        case .null: return ["type": "null"]
        case .boolean: return ["type": "boolean"]
        case .integer: return ["type": "integer"]
        case .number: return ["type": "number"]
        case .string(nil): return ["type": "string"]
        case .string(let maxLength?): return ["type": "string", "maxLength": .number(JSONNumber(maxLength))]
        case .array(let element): return ["type": "array", "items": element.json]
        case .anyOf(let schemas): return ["anyOf": .array(schemas.map(\.json))]
        case .object(let properties, let additional):
            var members: [String: JSON] = ["type": "object"]
            members["properties"] = .object(Dictionary(properties.map { ($0.name, $0.schema.json) }) { _, last in last })
            let required = properties.filter(\.isRequired).map { JSON.string($0.name) }
            if !required.isEmpty { members["required"] = .array(required) }
            if additional?.kind != .any { members["additionalProperties"] = additional?.json ?? false }
            return members
        }
    }

    /// Reads a JSON Schema, of which other programs use far more than this type has. What it does not have (`$ref`, `allOf`, `pattern`,
    /// bounds...) is left out, so the schema read accepts at least what the original accepts; who wrote it checks the rest.
    ///
    /// Properties come in the order of their names, since JSON objects have none.
    public init(json: JSON) {
        let members = json.objectValue ?? [:]
        self.init(
            Self.kind(of: members),
            description: members["description"]?.stringValue,
            default: members["default"],
            allowed: members["const"].map { [$0] } ?? members["enum"]?.arrayValue
        )
    }

    private static func kind(of members: [String: JSON]) -> Kind {
        if let choices = (members["anyOf"] ?? members["oneOf"])?.arrayValue, !choices.isEmpty {
            return .anyOf(choices.map(Schema.init(json:)))
        }
        switch members["type"] {
        case .string(let type): return kind(named: type, members)
        case .array(let types) where !types.isEmpty:
            // Each once: a type that stands there twice would double all that is below it, at every level.
            var seen: Set<JSON> = []
            let distinct = types.filter { seen.insert($0).inserted }
            return .anyOf(distinct.map { Schema($0.stringValue.map { kind(named: $0, members) } ?? .any) })
        default: return .any
        }
    }

    private static func kind(named type: String, _ members: [String: JSON]) -> Kind {
        switch type {
        case "null": return .null
        case "boolean": return .boolean
        case "integer": return .integer
        case "number": return .number
        case "string": return .string(maxLength: members["maxLength"]?.intValue)
        case "array": return .array(of: members["items"].map(Schema.init(json:)) ?? .any)
        case "object":
            let required = Set((members["required"]?.arrayValue ?? []).compactMap(\.stringValue))
            let properties = (members["properties"]?.objectValue ?? [:]).sorted { $0.key < $1.key }.map { name, schema in
                Property(name: name, schema: Schema(json: schema), isRequired: required.contains(name))
            }
            let additional = members["additionalProperties"]
            return .object(properties, additional: additional == .bool(false) ? nil : Schema(json: additional ?? true))
        default: return .any
        }
    }
}
