import ActionKit

/// What a value of a bot may be at most, wherever it came from: a step, a module, a bot file.
///
/// Values outlive their turn in the store and are handed to modules as JSON. So they end well below what a reader of that takes (128 levels), and a
/// chat that piles one onto the other hears of it in the step that does so, not in the next start of the host.
package enum ValueLimits {
    /// Of a value's JSON, without escapes. What stands in several places of a value counts in each of them, although it is there once.
    package static let bytes = 1 << 18
    /// Lists and objects within each other.
    package static let depth = 64
}

extension JSON {
    /// - Throws: Why the value is no value for a bot.
    func checkLimits() throws(StepFailure) {
        var meter = ValueMeter()
        try meter.count(self, depth: 0)
    }
}

/// Adds up a value while it is made, and stops at the first part that is too much.
struct ValueMeter {
    private var bytes = 0

    /// - Parameter depth: The lists and objects that the value stands in.
    mutating func count(_ value: JSON, depth: Int) throws(StepFailure) {
        switch value {
        case .null, .bool: try add(4)
        case .number(let number): try add(number.text.utf8.count)
        case .string(let text): try add(text.utf8.count)
        case .array(let elements):
            try open(depth: depth)
            for element in elements {
                try add(1)
                try count(element, depth: depth + 1)
            }
        case .object(let members):
            try open(depth: depth)
            for (name, member) in members {
                try countMember(name)
                try count(member, depth: depth + 1)
            }
        }
    }

    /// A list or an object begins.
    mutating func open(depth: Int) throws(StepFailure) {
        guard depth < ValueLimits.depth else {
            throw StepFailure(reason: "the value is nested more than \(ValueLimits.depth) levels deep", kind: .invalid)
        }
        try add(2)
    }

    mutating func countMember(_ name: String) throws(StepFailure) {
        try add(name.utf8.count + 2)
    }

    mutating func add(_ count: Int) throws(StepFailure) {
        bytes += count
        guard bytes <= ValueLimits.bytes else {
            throw StepFailure(reason: "the value is larger than \(ValueLimits.bytes / 1024) KiB", kind: .invalid)
        }
    }
}
