import ActionKit
import FoundationEssentials

extension JSON {
    /// The value as it stands in a text. A list or an object has no such form.
    func text() throws(StepFailure) -> String {
        switch self {
        case .string(let text): return text
        case .number(let number): return number.text
        case .bool(let value): return value ? "true" : "false"
        case .null: throw StepFailure(reason: "has no value", kind: .invalid)
        case .array: throw StepFailure(reason: "is a list: use 'join', 'count', 'json' or #each", kind: .invalid)
        case .object: throw StepFailure(reason: "is an object: name one of its members, or use 'json'", kind: .invalid)
        }
    }

    /// The value as a number to compare with.
    func amount() throws(StepFailure) -> Decimal {
        let text = try text()
        guard let amount = JSONNumber(exactly: text)?.decimal else {
            throw StepFailure(reason: "\(briefly) is not a number to compare", kind: .invalid)
        }
        return amount
    }

    /// For messages: at most 60 characters of it.
    var briefly: String {
        let text = serialized()
        return text.count > 60 ? text.prefix(60) + "…" : text
    }

    /// False for null, false, 0, and what is empty.
    var isTruthy: Bool {
        switch self {
        case .null: false
        case .bool(let value): value
        case .number(let number): number.double != 0
        case .string(let text): !text.isEmpty
        case .array(let elements): !elements.isEmpty
        case .object(let members): !members.isEmpty
        }
    }

    /// Equal for a person: a number is equal to its text, and 1 to 1.0.
    func means(_ other: JSON) -> Bool {
        switch (self, other) {
        case (.number(let left), .number(let right)):
            if let left = left.decimal, let right = right.decimal { return left == right }
            return left == right
        case (.number(let number), .string(let text)), (.string(let text), .number(let number)): return number.text == text
        case (.bool(let value), .string(let text)), (.string(let text), .bool(let value)): return text == (value ? "true" : "false")
        default: return self == other
        }
    }
}
