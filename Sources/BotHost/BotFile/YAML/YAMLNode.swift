/// A value of a YAML document with its place, before anything is known about its type.
struct YAMLNode {
    let content: Content
    let mark: SourceMark

    enum Content {
        /// A plain one (without quotes) may stand for something other than text.
        case scalar(String, isPlain: Bool)
        case sequence([YAMLNode])
        case mapping([Entry])
    }

    struct Entry {
        let key: String
        let keyMark: SourceMark
        let value: YAMLNode
    }

    /// `key:` with nothing behind it, or one of YAML's words for nothing.
    var isNull: Bool {
        if case .scalar(let text, isPlain: true) = content { ["", "~", "null", "Null", "NULL"].contains(text) } else { false }
    }

    var text: String? {
        if case .scalar(let text, _) = content { text } else { nil }
    }

    var elements: [YAMLNode]? {
        if case .sequence(let elements) = content { elements } else { nil }
    }

    var entries: [Entry]? {
        if case .mapping(let entries) = content { entries } else { nil }
    }

    subscript(key: String) -> YAMLNode? {
        entries?.first { $0.key == key }?.value
    }

    /// For messages: what is there.
    var kindName: String {
        switch content {
        case .scalar: isNull ? "nothing" : "a text"
        case .sequence: "a list"
        case .mapping: "a mapping"
        }
    }
}
