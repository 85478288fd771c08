import ArgumentParser
import Transport

/// A span of time as people write it: `90m`, `12h`, `30d`.
struct Age: ExpressibleByArgument {
    let duration: Duration

    static let none = Self(duration: .zero)

    private init(duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        let century = Duration.seconds(36_500 * 86_400)
        guard let duration = WrittenDuration(argument).duration(in: [.seconds, .minutes, .hours, .days], upTo: century) else { return nil }
        self.duration = duration
    }
}
