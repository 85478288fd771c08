import ConnectWire
import FoundationEssentials

/// An item as one line for people: time, who, what.
struct ConversationLine {
    let item: Item
    /// What times are counted from.
    let start: Date

    var text: String {
        "\(elapsed)  \(ItemText(item).text.replacing("\n", with: "\n              "))"
    }

    /// `1:02:03.456`, without the hours where there are none.
    private var elapsed: String {
        let milliseconds = Int(item.absoluteTime.date.timeIntervalSince(start) * 1000)
        let (seconds, rest) = milliseconds.quotientAndRemainder(dividingBy: 1000)
        let parts = [seconds / 3600, seconds / 60 % 60, seconds % 60].drop { $0 == 0 }.dropFirst(0)
        let text =
            parts.isEmpty
            ? "0" : parts.enumerated().map { $0.offset == 0 ? "\($0.element)" : Self.padded($0.element, 2) }.joined(separator: ":")
        return "\(text).\(Self.padded(rest, 3))"
    }

    private static func padded(_ number: Int, _ digits: Int) -> String {
        let text = String(number)
        return String(repeating: "0", count: max(0, digits - text.count)) + text
    }
}
