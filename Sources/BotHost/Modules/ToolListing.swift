import ActionKit
import Crypto
import FoundationEssentials

/// The actions of a module.
package struct ToolListing: Hashable, Sendable {
    package private(set) var tools: [Tool] = []
    /// What the module listed and cannot be called, in words; the first few.
    private(set) var oddities: [String] = []

    private static let oddityLimit = 10

    package static let digestPrefix = "sha256:"
    private static let limit = 1000

    /// Takes one page: the result of `tools/list`.
    mutating func append(_ page: JSON) throws(ModuleFailure) {
        guard let entries = page["tools"]?.arrayValue else { throw .broken("its list of actions has no 'tools'") }
        for entry in entries {
            guard let tool = Tool(entry) else {
                note("an action without a usable name is left out")
                continue
            }
            guard !tools.contains(where: { $0.name == tool.name }) else {
                note("the action '\(tool.name)' is listed twice; the first counts")
                continue
            }
            guard tools.count < Self.limit else { throw .broken("it lists more than \(Self.limit) actions") }
            tools.append(tool)
        }
    }

    private mutating func note(_ oddity: String) {
        if oddities.count < Self.oddityLimit { oddities.append(oddity) }
    }

    /// Only those that the bot file allows.
    func allowing(_ names: [String]?) -> ToolListing {
        guard let names else { return self }
        var copy = self
        copy.tools.removeAll { !names.contains($0.name) }
        for name in names where !copy.tools.contains(where: { $0.name == name }) {
            copy.note("the action '\(name)', which the bot file allows, is not there")
        }
        return copy
    }

    package subscript(name: String) -> Tool? { tools.first { $0.name == name } }

    package var names: [String] { tools.map(\.name) }

    /// Of the names and schemas, whatever their order: what `pin` compares.
    package var digest: String {
        let entries = tools.sorted { $0.name < $1.name }.map { JSON.array([.string($0.name), $0.inputSchema]) }
        return Self.digestPrefix + SHA256.hash(data: Data(JSON.array(entries).serialized().utf8)).hex
    }
}
