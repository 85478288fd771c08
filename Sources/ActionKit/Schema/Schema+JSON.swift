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
        let kind = Self.kind(of: json)
        // Null is a value only for what can be null; others write it for what they do not have.
        let takesNull = Schema(kind).validate(.null).isEmpty
        func value(_ key: String) -> JSON? { takesNull ? json[key] : json[present: key] }
        self.init(
            kind,
            description: json["description"]?.stringValue,
            default: value("default"),
            allowed: value("const").map { [$0] } ?? json["enum"]?.arrayValue
        )
    }

    private static func kind(of json: JSON) -> Kind {
        if let choices = (json[present: "anyOf"] ?? json[present: "oneOf"])?.arrayValue, !choices.isEmpty {
            return .anyOf(choices.map(Schema.init(json:)))
        }
        switch json["type"] {
        case .string(let type): return kind(named: type, json)
        case .array(let types) where !types.isEmpty:
            // Each once: a type that stands there twice would double all that is below it, at every level.
            var seen: Set<JSON> = []
            let distinct = types.filter { seen.insert($0).inserted }
            return .anyOf(distinct.map { Schema($0.stringValue.map { kind(named: $0, json) } ?? .any) })
        default: return .any
        }
    }

    private static func kind(named type: String, _ json: JSON) -> Kind {
        switch type {
        case "null": return .null
        case "boolean": return .boolean
        case "integer": return .integer
        case "number": return .number
        case "string": return .string(maxLength: json["maxLength"]?.intValue)
        case "array": return .array(of: json[present: "items"].map(Schema.init(json:)) ?? .any)
        case "object":
            let required = Set((json["required"]?.arrayValue ?? []).compactMap(\.stringValue))
            let properties = (json["properties"]?.objectValue ?? [:]).sorted { $0.key < $1.key }.map { name, schema in
                Property(name: name, schema: Schema(json: schema), isRequired: required.contains(name))
            }
            let additional = json[present: "additionalProperties"]
            return .object(properties, additional: additional == .bool(false) ? nil : Schema(json: additional ?? true))
        default: return .any
        }
    }
}
