import Crypto
import Foundation

/// A bot that is served: its definition, and where its file is.
package struct Bot: Sendable {
    package let definition: BotDefinition
    /// Of the bot file's text. A session keeps the definition it started with.
    package let sha256: String

    package init(_ definition: BotDefinition) {
        self.definition = definition
        sha256 = SHA256.hash(data: Data(definition.source.utf8)).hex
    }

    package var name: String { definition.name }

    /// Of its file.
    package var path: String { definition.path }

    /// The folder that its paths are relative to.
    var folder: String {
        let folder = URL(fileURLWithPath: definition.path).deletingLastPathComponent().path
        return folder.isEmpty ? "." : folder
    }

    var record: DefinitionRecord {
        DefinitionRecord(sha256: sha256, path: definition.path, source: definition.source)
    }
}
