import ActionKit

/// Makes values that a JSON Schema accepts, as far as it is understood: for calls that try a module out.
struct SampleArguments {
    private let root: JSON
    /// How many more values are made: a schema that contains itself would have no end of them.
    private var left = 1000

    private init(_ root: JSON) {
        self.root = root
    }

    /// The required arguments.
    ///
    /// - Parameter schema: The whole of it, in which `$ref` finds its definitions.
    static func arguments(for schema: JSON) -> JSON {
        var sample = SampleArguments(schema)
        return sample.object(schema, depth: 0)
    }

    private mutating func value(_ schema: JSON, depth: Int) -> JSON {
        left -= 1
        guard depth < 16, left > 0 else { return .null }
        let given = schema[present: "const"] ?? schema[present: "default"] ?? schema["enum"]?[0] ?? schema["examples"]?[0]
        if let given { return given }
        if let target = schema["$ref"]?.stringValue.flatMap(definition) { return value(target, depth: depth + 1) }
        if let choice = (schema[present: "anyOf"] ?? schema[present: "oneOf"] ?? schema["allOf"])?[0] {
            return value(choice, depth: depth + 1)
        }
        switch schema["type"]?.stringValue ?? schema["type"]?[0]?.stringValue {
        case "string": return .string(text(schema))
        case "integer": return integer(schema)
        case "number": return schema[present: "minimum"] ?? 1.5
        case "boolean": return true
        case "array": return array(schema, depth: depth)
        case "object": return object(schema, depth: depth)
        case "null": return .null
        default: return "sample"
        }
    }

    private mutating func object(_ schema: JSON, depth: Int) -> JSON {
        let required = (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue)
        return .object(
            Dictionary(
                required.map { ($0, value(schema["properties"]?[$0] ?? true, depth: depth + 1)) },
                uniquingKeysWith: { first, _ in first }
            )
        )
    }

    private func text(_ schema: JSON) -> String {
        let text =
            switch schema["format"]?.stringValue {
            case "date": "2026-01-02"
            case "date-time": "2026-01-02T10:11:12Z"
            case "time": "10:11:12Z"
            case "email": "ada@example.com"
            case "uri": "https://example.com/"
            case "uuid": "00000000-0000-4000-8000-000000000000"
            default: "sample"
            }
        let least = min(schema["minLength"]?.intValue ?? 0, 1000)
        let padded = text + String(repeating: "x", count: max(0, least - text.count))
        return String(padded.prefix(max(0, schema["maxLength"]?.intValue ?? .max)))
    }

    private func integer(_ schema: JSON) -> JSON {
        let least = schema["minimum"]?.intValue ?? schema["exclusiveMinimum"]?.intValue.map { $0 &+ 1 } ?? 1
        return .number(JSONNumber(min(least, schema["maximum"]?.intValue ?? .max)))
    }

    private mutating func array(_ schema: JSON, depth: Int) -> JSON {
        let count = min(max(schema["minItems"]?.intValue ?? 1, 0), 16)
        return .array((0..<count).map { _ in value(schema[present: "items"] ?? true, depth: depth + 1) })
    }

    /// The schema that a reference within the root names: `#/$defs/line`.
    private func definition(_ reference: String) -> JSON? {
        guard reference.hasPrefix("#/") else { return nil }
        let keys = String(reference.dropFirst(2)).split(separator: "/").map { $0.replacing("~1", with: "/").replacing("~0", with: "~") }
        return keys.reduce(root) { schema, key in schema?[String(key)] }
    }
}
