/// A duration as people write it: `500ms`, `5s`, `2m`, `1h`, `30d`.
package struct WrittenDuration {
    /// Nil where it does not begin with a number, or with one that no integer holds.
    package let count: Int?
    /// What stands behind the number.
    package let suffix: Substring

    package init(_ text: String) {
        let digits = text.prefix { $0.isASCII && $0.isNumber }
        count = Int(digits)
        suffix = text.dropFirst(digits.count)
    }

    package enum Unit: String {
        case milliseconds = "ms"
        case seconds = "s"
        case minutes = "m"
        case hours = "h"
        case days = "d"

        package var duration: Duration {
            switch self {
            case .milliseconds: .milliseconds(1)
            case .seconds: .seconds(1)
            case .minutes: .seconds(60)
            case .hours: .seconds(3600)
            case .days: .seconds(86_400)
            }
        }
    }

    package var unit: Unit? { Unit(rawValue: String(suffix)) }

    /// Nil where it is none, or longer than the limit.
    package func duration(in units: Set<Unit>, upTo limit: Duration) -> Duration? {
        guard let count, let unit, units.contains(unit), Double(count) <= limit / unit.duration else { return nil }
        return unit.duration * count
    }
}
