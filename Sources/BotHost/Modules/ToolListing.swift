package import ActionKit
import Crypto
import FoundationEssentials

/// The actions of a module.
package struct ToolListing: Hashable, Sendable {
    package private(set) var tools: [Tool] = []
    /// How many entries there were, usable or not.
    private var entries = 0
    private var unusable = 0
    private var repeated: [String] = []
    /// What the bot file allows and the module has not.
    private(set) var missing: [String] = []

    package static let digestPrefix = "sha256:"
    private static let limit = 1000

    package init() {}

    /// Takes one page: the result of `tools/list`.
    package mutating func append(_ page: JSON) throws(ModuleFailure) {
        guard let entries = page["tools"]?.arrayValue else { throw .broken("its list of actions has no 'tools'") }
        self.entries += entries.count
        guard self.entries <= Self.limit else { throw .broken("it lists more than \(Self.limit) actions") }
        for entry in entries {
            guard let tool = Tool(entry) else {
                unusable += 1
                continue
            }
            if self[tool.name] == nil { tools.append(tool) } else { repeated.append(tool.name) }
        }
    }

    /// Only those that the bot file allows.
    func allowing(_ names: [String]?) -> ToolListing {
        guard let names else { return self }
        var copy = self
        copy.tools.removeAll { !names.contains($0.name) }
        copy.missing = names.filter { copy[$0] == nil }
        return copy
    }

    package subscript(name: String) -> Tool? { tools.first { $0.name == name } }

    package var names: [String] { tools.map(\.name) }

    /// What is odd about the list, in a few words; nothing as a rule.
    var oddities: [String] {
        var oddities: [String] = []
        if unusable > 0 { oddities.append("\(unusable) of its actions have no name that can be called, and are left out") }
        if !repeated.isEmpty { oddities.append("listed twice, and the first counts: \(repeated.prefix(5).joined(separator: ", "))") }
        if !missing.isEmpty { oddities.append("the bot file allows, and the module has not: \(missing.joined(separator: ", "))") }
        return oddities
    }

    /// Of the names and schemas, whatever their order: what `pin` compares.
    package var digest: String {
        let entries = tools.sorted { $0.name < $1.name }.map { JSON.array([.string($0.name), $0.inputSchema]) }
        return Self.digestPrefix + SHA256.hash(data: Data(JSON.array(entries).serialized().utf8)).hex
    }
}
