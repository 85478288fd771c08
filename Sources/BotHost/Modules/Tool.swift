package import ActionKit

/// An action of a module, as the module describes it; MCP calls it a tool.
package struct Tool: Hashable, Sendable {
    package let name: String
    package let description: String
    /// As the module wrote it.
    package let entry: JSON
    /// What of it this program checks.
    package let parameters: Schema
    // What the module says of the action; the bot file says how far it is believed.
    package let isReadOnly: Bool
    package let isIdempotent: Bool
    /// Whether it says so: MCP would take it for granted of whatever is not read-only.
    package let isDestructive: Bool

    package var inputSchema: JSON { entry[present: "inputSchema"] ?? .object([:]) }

    /// Whether a call that was interrupted, and may have happened, may be made again.
    func isRepeatable(with trust: ModuleOptions.Trust) -> Bool {
        switch trust {
        case .full: isReadOnly || isIdempotent
        case .unsaid: isReadOnly || isIdempotent && !isDestructive
        case .denied: false
        }
    }

    /// - Returns: Nil for what is no tool, or cannot be called.
    init?(_ json: JSON) {
        guard let name = json["name"]?.stringValue, (1...128).contains(name.utf8.count), name.utf8.allSatisfy(Self.isAllowed) else {
            return nil
        }
        self.name = name
        description = json["description"]?.stringValue ?? json["title"]?.stringValue ?? ""
        entry = json
        parameters = Schema(json: json["inputSchema"] ?? .object([:]))
        isReadOnly = json["annotations"]?["readOnlyHint"]?.boolValue ?? false
        isIdempotent = json["annotations"]?["idempotentHint"]?.boolValue ?? false
        isDestructive = json["annotations"]?["destructiveHint"]?.boolValue ?? false
    }

    private static func isAllowed(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "_.-".utf8.contains(byte)
        }
    }
}
