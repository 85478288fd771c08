/// What the service takes as an attachment (admin guide, feature limits; botocore model).
package struct AttachmentRules: Hashable, Sendable {
    /// Bytes.
    package var maximumSize: Int64
    /// Files in one contact.
    package var maximumCount: Int
    /// Content types by file name extension, lower case.
    package var contentTypes: [String: String]
    /// Whether a file must come with the content type of its extension.
    ///
    /// The documents list extensions and no content types, and clients send what their platform calls a file: `application/octet-stream` for
    /// `.csv`, `audio/x-wav` for `.wav`. So the extension decides, unless somebody wants the stricter reading.
    package var requiresContentTypeOfExtension = false

    package init(maximumSize: Int64, maximumCount: Int, contentTypes: [String: String]) {
        self.maximumSize = maximumSize
        self.maximumCount = maximumCount
        self.contentTypes = contentTypes
    }

    /// Characters of a name, 1 to this.
    package static let maximumNameLength = 256
    /// Characters of a content type, its parameters with it.
    package static let maximumContentTypeLength = 255

    package static let documented = Self(
        maximumSize: 20 * 1024 * 1024,
        maximumCount: 35,
        contentTypes: [
            "csv": "text/csv",
            "doc": "application/msword",
            "docx": "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            "heic": "image/heic",
            "jfif": "image/jpeg",
            "jpeg": "image/jpeg",
            "jpg": "image/jpeg",
            "mov": "video/quicktime",
            "mp4": "video/mp4",
            "pdf": "application/pdf",
            "png": "image/png",
            "ppt": "application/vnd.ms-powerpoint",
            "pptx": "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            "rtf": "application/rtf",
            "txt": "text/plain",
            "wav": "audio/wav",
            "xls": "application/vnd.ms-excel",
            "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
        ]
    )

    /// The content type that a file's name asks for; nil where the service takes no such file.
    package func contentType(forName name: String) -> String? {
        guard let dot = name.lastIndex(of: "."), dot != name.startIndex else { return nil }
        return contentTypes[name[name.index(after: dot)...].lowercased()]
    }

    /// Checks a file before anything is sent. Where its content type must fit, `text/plain; charset=utf-8` counts as `text/plain`.
    package func check(name: String, contentType: String, size: Int64) -> AttachmentRuleViolation? {
        // The model counts characters as Unicode code points.
        let length = name.unicodeScalars.count
        if !(1...Self.maximumNameLength).contains(length) { return .nameLength(length) }
        if let scalar = name.unicodeScalars.first(where: { $0.properties.generalCategory == .control || $0 == "/" || $0 == "\\" }) {
            return .nameCharacter(scalar)
        }
        if size < 1 { return .empty }
        if size > maximumSize { return .tooLarge(size: size, limit: maximumSize) }
        guard let expected = self.contentType(forName: name) else { return .fileType(name: name, allowed: contentTypes.keys.sorted()) }
        return violation(of: contentType, expected: expected)
    }

    private func violation(of contentType: String, expected: String) -> AttachmentRuleViolation? {
        let length = contentType.unicodeScalars.count
        if !(1...Self.maximumContentTypeLength).contains(length) { return .contentTypeLength(length) }
        // It becomes a header of the upload.
        if let scalar = contentType.firstUnprintable { return .contentTypeCharacter(scalar) }
        guard requiresContentTypeOfExtension else { return nil }
        let bare = contentType.split(separator: ";", omittingEmptySubsequences: false).first.map { $0.trimmingSpaces.lowercased() }
        return bare == expected ? nil : .contentType(contentType, expected: expected)
    }
}

/// The rule that a file breaks, in words that name it.
package enum AttachmentRuleViolation: Error, Hashable, Sendable, CustomStringConvertible {
    case nameLength(Int)
    case nameCharacter(Unicode.Scalar)
    case empty
    case tooLarge(size: Int64, limit: Int64)
    case fileType(name: String, allowed: [String])
    case contentTypeLength(Int)
    case contentTypeCharacter(Unicode.Scalar)
    case contentType(String, expected: String)

    package var description: String {
        switch self {
        case .nameLength(let length):
            "the file's name has \(length) characters; the service takes 1 to \(AttachmentRules.maximumNameLength)"
        case .nameCharacter(let scalar):
            "the file's name has the character \(scalar.codePoint), which no file name may have"
        case .empty:
            "the file is empty; the service takes files of 1 byte and more"
        case .tooLarge(let size, let limit):
            "the file has \(size) bytes; the service takes up to \(limit)\(limit.mebibytes)"
        case .fileType(let name, let allowed):
            "the service takes no files like '\(name)', only: \(allowed.joined(separator: " "))"
        case .contentTypeLength(let length):
            "the content type has \(length) characters; the service takes 1 to \(AttachmentRules.maximumContentTypeLength)"
        case .contentTypeCharacter(let scalar):
            "the content type has the character \(scalar.codePoint), which no header may have"
        case .contentType(let contentType, let expected):
            "the content type is '\(contentType)'; this name asks for '\(expected)'"
        }
    }
}

extension Int64 {
    fileprivate var mebibytes: String {
        self >= 1_048_576 && isMultiple(of: 1_048_576) ? " (\(self / 1_048_576) MiB)" : ""
    }
}

extension Substring {
    fileprivate var trimmingSpaces: Substring {
        let head = drop { $0 == " " }
        guard let last = head.lastIndex(where: { $0 != " " }) else { return head }
        return head[...last]
    }
}
