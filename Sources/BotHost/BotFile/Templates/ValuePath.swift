import ActionKit

/// The way to a value: `contact.attributes.tier`. A part is an object's key, or a list's index from 0.
struct ValuePath: Hashable, Sendable {
    let root: String
    let rest: [String]

    /// Nil if the text is not a path: names of letters, digits, `_` and `-`, with points between them.
    init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.allSatisfy({ !$0.isEmpty && $0.unicodeScalars.allSatisfy(Self.isPartOfName) }) else { return nil }
        root = String(parts[0])
        rest = parts[1...].map { String($0) }
    }

    /// The value at the end of the way that begins at this one.
    func follow(from root: JSON) -> JSON? {
        var value = root
        for part in rest {
            let next: JSON? =
                switch value {
                case .object(let members): members[part]
                case .array: Int(part).flatMap { value[$0] }
                default: nil
                }
            guard let next else { return nil }
            value = next
        }
        return value
    }

    static func isPartOfName(_ scalar: Unicode.Scalar) -> Bool {
        scalar == "_" || scalar == "-" || scalar.properties.isAlphabetic || scalar.properties.numericType != nil
            || scalar.properties.generalCategory == .nonspacingMark || scalar.properties.generalCategory == .spacingMark
    }
}

extension ValuePath: CustomStringConvertible {
    var description: String { ([root] + rest).joined(separator: ".") }
}
