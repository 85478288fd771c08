import FoundationEssentials

extension TimeZone {
    /// 2026-01-02 10:11:12
    func second(of date: Date) -> String {
        date.formatted(style.time(includingFractionalSeconds: false))
    }

    /// 2026-01-02 10:11 UTC
    func minute(of date: Date) -> String {
        "\(second(of: date).dropLast(3)) \(label)"
    }

    /// As people write it: the zone that programs call GMT is UTC.
    var label: String { identifier == "GMT" ? "UTC" : identifier }

    private var style: Date.ISO8601FormatStyle {
        Date.ISO8601FormatStyle(timeZone: self).year().month().day().dateTimeSeparator(.space)
    }
}

extension Date {
    /// 2026-01-02T10:11:12.345Z
    var iso8601: String { formatted(Date.ISO8601FormatStyle(includingFractionalSeconds: true, timeZone: .gmt)) }
}
