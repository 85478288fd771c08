package import ActionKit

/// An action of a module, as the module describes it; MCP calls it a tool.
package struct Tool: Hashable, Sendable {
    package let name: String
    package let description: String
    /// As the module wrote it.
    package let entry: JSON
    /// What of it this program checks.
    package let parameters: Schema
    /// What the module says of itself; only a trusted one is believed.
    package let isReadOnly: Bool
    package let isIdempotent: Bool

    package var inputSchema: JSON { entry["inputSchema"] ?? .object([:]) }

    /// - Returns: Nil for what is no tool, or cannot be called.
    init?(_ json: JSON) {
        guard let name = json["name"]?.stringValue, (1...128).contains(name.unicodeScalars.count),
            !name.unicodeScalars.contains(where: { $0.value < 32 || $0.value == 127 })
        else { return nil }
        self.name = name
        description = json["description"]?.stringValue ?? json["title"]?.stringValue ?? ""
        entry = json
        parameters = Schema(json: json["inputSchema"] ?? .object([:]))
        isReadOnly = json["annotations"]?["readOnlyHint"]?.boolValue ?? false
        isIdempotent = json["annotations"]?["idempotentHint"]?.boolValue ?? false
    }
}
