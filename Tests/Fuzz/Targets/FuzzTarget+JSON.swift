import ActionKit
import FoundationEssentials

extension FuzzTarget {
    static let json = FuzzTarget("json", "JSON of modules, values and templates, and JSON Schema", tokens: jsonTokens) { bytes in
        let limits = JSONLimits(depth: 40)
        if let value = try? JSON(parsing: bytes, limits: limits) {
            require(value.depth <= limits.depth, "nested deeper than the limit")
            requireSame(value) { try JSON(parsing: value.serialized()) }
            requireSame(value) { try JSON(parsing: value.serialized(pretty: true)) }
            requireSame(value) { try JSONDecoder().decode(JSON.self, from: JSONEncoder().encode(value)) }
            value.visitNumbers()
            let schema = Schema(json: value)
            _ = schema.validate(schema.coerce(value))
            requireSame(schema.json) { Schema(json: schema.json).json }
        }
        if let value = try? JSON(parsing: bytes) { requireSame(value) { try JSON(parsing: value.serialized()) } }
    }

    static let jsonTokens = [
        "{", "}", "[", "]", ",", ":", "\"\"", "null", "true", "false", "-0", "1e9", "19.90", "1E+2", #"\ud83d"#, #"\udE00"#, #"\u0000"#,
        #"{"type":"object","properties":{"a":{"type":"string"}},"required":["a"]}"#, #""type":"#, #""anyOf":[]"#, #""items":{}"#,
        #""enum":[]"#, #""const":1"#, #"{"type":["integer","null"]}"#, #""maxLength":-1"#, #""additionalProperties":{}"#, #""default":"#,
    ]
}

extension JSON {
    fileprivate var depth: Int {
        switch self {
        case .array(let elements): 1 + (elements.map(\.depth).max() ?? 0)
        case .object(let members): 1 + (members.values.map(\.depth).max() ?? 0)
        case .null, .bool, .number, .string: 0
        }
    }

    /// Asks every number for all that it can be.
    fileprivate func visitNumbers() {
        switch self {
        case .array(let elements): for element in elements { element.visitNumbers() }
        case .object(let members): for value in members.values { value.visitNumbers() }
        case .number(let number):
            if let int = number.int { require(number.isWhole, "\(number) is \(int) and not whole") }
            if let decimal = number.decimal { require(JSONNumber(decimal) != nil, "\(number) is no number as a decimal: \(decimal)") }
            _ = number.double
        case .null, .bool, .string: break
        }
    }
}
