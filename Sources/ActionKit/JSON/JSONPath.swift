/// Where a value is inside another: `lines[2].price`.
public struct JSONPath: Sendable, Hashable {
    /// One step into a value.
    public enum Element: Sendable, Hashable {
        case key(String)
        case index(Int)
    }

    /// From the outermost to the innermost; empty for the value itself.
    public var elements: [Element]

    /// A path of these steps.
    public init(_ elements: [Element] = []) { self.elements = elements }

    /// The path of a member.
    public static func / (path: JSONPath, key: String) -> JSONPath { JSONPath(path.elements + [.key(key)]) }
    /// The path of an element, counted from 0.
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
