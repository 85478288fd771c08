/// A file that an action made. The host copies it to its own keeping before the step is done.
public struct GeneratedFile: Sendable, Hashable {
    /// What is in a file.
    public enum Content: Sendable, Hashable {
        case bytes([UInt8])
        /// A file on disk, best in ``ActionContext/spool``, from which the host clears it; one elsewhere stays the action's to remove.
        case path(String)
    }

    /// As the receiver sees it, with its extension: 1 to 256 characters.
    public let name: String
    /// A media type, such as text/plain.
    public let contentType: String
    /// The bytes, or where they are.
    public let content: Content

    /// A file of any kind.
    public init(name: String, contentType: String, content: Content) {
        self.name = name
        self.contentType = contentType
        self.content = content
    }

    /// A file of text, in UTF-8.
    public init(name: String, contentType: String = "text/plain", text: String) {
        self.init(name: name, contentType: contentType, content: .bytes(Array(text.utf8)))
    }
}
