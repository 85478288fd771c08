/// Where a value is inside another: `lines[2].price`.
public struct JSONPath: Sendable, Hashable {
    public enum Element: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    public var elements: [Element]

    public init(_ elements: [Element] = []) { self.elements = elements }

    public static func / (path: JSONPath, key: String) -> JSONPath { JSONPath(path.elements + [.key(key)]) }
    public static func / (path: JSONPath, index: Int) -> JSONPath { JSONPath(path.elements + [.index(index)]) }
}

extension JSONPath: ExpressibleByArrayLiteral, CustomStringConvertible {
    public init(arrayLiteral elements: Element...) { self.elements = elements }

    /// Empty for the value itself.
    public var description: String {
        elements.reduce(into: "") { text, element in
            switch element {
            case .key(let key): text += text.isEmpty ? key : ".\(key)"
            case .index(let index): text += "[\(index)]"
            }
        }
    }
}
