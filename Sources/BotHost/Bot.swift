import Crypto
import Foundation

/// A bot that is served: its definition, where its file is, and the modules that it calls.
package struct Bot: Sendable {
    package let definition: BotDefinition
    package let modules: ModuleCatalog
    /// Of the bot file's text. A session keeps the definition it started with.
    package let sha256: String

    package init(_ definition: BotDefinition, modules: ModuleCatalog = ModuleCatalog()) {
        self.definition = definition
        self.modules = modules
        sha256 = SHA256.hash(data: Data(definition.source.utf8)).hex
    }

    package var name: String { definition.name }

    /// Of its file.
    package var path: String { definition.path }

    /// The folder that its paths are relative to.
    var folder: String { Self.folder(of: path) }

    package static func folder(of path: String) -> String {
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        return folder.isEmpty ? "." : folder
    }

    var record: DefinitionRecord {
        DefinitionRecord(sha256: sha256, path: definition.path, source: definition.source)
    }
}
