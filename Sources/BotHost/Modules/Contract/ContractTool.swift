import ActionKit

/// An entry of a module's list, as far as the contract suite looks at it.
struct ContractTool: Sendable {
    let name: String
    let schema: JSON
    let hasDescription: Bool
    let isDestructive: Bool

    init(_ json: JSON) {
        name = json["name"]?.stringValue ?? ""
        schema = json["inputSchema"] ?? .null
        hasDescription = json["description"]?.stringValue?.isEmpty == false
        isDestructive = json["annotations"]?["destructiveHint"] == true
    }

    var quoted: String { JSON.string(String(name.prefix(150))).serialized() }

    /// Arguments that the schema accepts, as far as it is understood.
    var sample: JSON { SampleArguments.arguments(for: schema) }

    var required: [String] { (schema["required"]?.arrayValue ?? []).compactMap(\.stringValue) }

    /// The first parameter that is a text, required ones before others.
    var text: String? {
        let texts = parameters.filter { $0.value["type"] == "string" && $0.value["enum"] == nil }.map(\.key).sorted()
        return texts.first(where: required.contains) ?? texts.first
    }

    var undescribed: [String] {
        parameters.filter { $0.value["description"]?.stringValue?.isEmpty != false }.map(\.key).sorted()
    }

    private var parameters: [String: JSON] { schema["properties"]?.objectValue ?? [:] }
}
