import ActionKit
import Foundation

/// Dates as people read them.
enum DateText {
    /// By a Unicode date pattern, in English and UTC.
    static func format(_ value: JSON, by pattern: String) throws(StepFailure) -> String {
        guard let date = date(from: value) else { throw StepFailure(reason: "is not a date: \(value.briefly)", kind: .invalid) }
        // Made for each use: a formatter is no value, and must not be shared.
        let formatter = DateFormatter()
        formatter.locale = Locale(identifier: "en_US_POSIX")
        formatter.timeZone = .gmt
        formatter.dateFormat = pattern
        return formatter.string(from: date)
    }

    private static func date(from value: JSON) -> Date? {
        switch value {
        case .number(let seconds): seconds.double.isFinite ? Date(timeIntervalSince1970: seconds.double) : nil
        case .string(let text):
            (try? Date(text, strategy: .iso8601))
                ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
                ?? (try? Date(text, strategy: Date.ISO8601FormatStyle().year().month().day()))
        default: nil
        }
    }
}
