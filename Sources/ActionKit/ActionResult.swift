/// What an action gives back: the value that `as:` names, and files that `attach` can send.
public struct ActionResult: Sendable, Hashable {
    public let value: JSON
    public let files: [GeneratedFile]

    public init(value: JSON = .null, files: [GeneratedFile] = []) {
        self.value = value
        self.files = files
    }
}

/// A file that an action made. The host copies it to its spool before the step is done.
public struct GeneratedFile: Sendable, Hashable {
    public enum Content: Sendable, Hashable {
        case bytes([UInt8])
        /// A file on disk, which stays the action's to remove.
        case path(String)
    }

    /// As the receiver sees it, with its extension: 1 to 256 characters.
    public let name: String
    /// A media type, such as text/plain.
    public let contentType: String
    public let content: Content

    public init(name: String, contentType: String, content: Content) {
        self.name = name
        self.contentType = contentType
        self.content = content
    }
}
