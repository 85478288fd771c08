package import ActionKit
import Foundation

/// A file that an action made.
package struct MadeFile: Hashable, Sendable {
    package enum Content: Hashable, Sendable {
        case generated(GeneratedFile.Content)
        /// One that a module linked.
        case open(OpenFile)
    }

    /// As the receiver sees it, with its extension.
    package let name: String
    package let contentType: String
    package let content: Content

    init(name: String, contentType: String, content: Content) {
        self.name = name
        self.contentType = contentType
        self.content = content
    }

    init(_ file: GeneratedFile) {
        self.init(name: file.name, contentType: file.contentType, content: .generated(file.content))
    }

    /// All of it. May block.
    package func bytes() throws -> [UInt8] {
        switch content {
        case .generated(.bytes(let bytes)): bytes
        case .generated(.path(let path)): Array(try Data(contentsOf: URL(fileURLWithPath: path)))
        case .open(let file): try file.bytes()
        }
    }
}
