import ActionKit

/// Which of its two protocols an MCP server speaks: MCP was changed in 2026, and both are in use.
enum MCPEra: Hashable, Sendable {
    /// `server/discover`; every request says who asks.
    case modern
    /// `initialize`, once.
    case legacy(version: String)

    /// What this program can do: put questions to the customer.
    private static let capabilities: JSON = ["elicitation": ["form": [:]]]
    private static let clientInfo: JSON = ["name": "attache", "version": "0.1.0"]

    /// The parameters of a request, with what the era wants in each.
    func params(_ members: [String: JSON], meta: [String: JSON] = [:]) -> JSON {
        let all = self == .modern ? meta.merging(Self.modernMeta) { own, _ in own } : meta
        return .object(all.isEmpty ? members : members.merging(["_meta": .object(all)]) { own, _ in own })
    }

    static let discovery: JSON = ["_meta": .object(modernMeta)]

    static let initialization: JSON = [
        "protocolVersion": .string(MCP.legacyVersions[0]), "capabilities": capabilities, "clientInfo": clientInfo,
    ]

    private static let modernMeta: [String: JSON] = [
        MCP.Meta.protocolVersion: .string(MCP.modernVersion),
        MCP.Meta.clientInfo: clientInfo,
        MCP.Meta.clientCapabilities: capabilities,
    ]
}
