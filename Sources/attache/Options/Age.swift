import ArgumentParser

/// A span of time as people write it: `90m`, `12h`, `30d`.
struct Age: ExpressibleByArgument {
    let duration: Duration

    static let none = Self(duration: .zero)

    private init(duration: Duration) {
        self.duration = duration
    }

    init?(argument: String) {
        let seconds: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]
        guard let unit = argument.last.flatMap({ seconds[$0] }), let count = Int(argument.dropLast()), (0...36_500).contains(count) else {
            return nil
        }
        duration = .seconds(count * unit)
    }
}
