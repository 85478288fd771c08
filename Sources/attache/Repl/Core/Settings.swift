import ActionKit

/// What `\set` shows and changes.
struct Settings: Equatable {
    var timing = false
    var json = false
    var watch = Watch.all
    var times = true
    var colour = false

    mutating func apply(_ setting: Setting) {
        switch setting {
        case .timing(let isOn): timing = isOn
        case .json(let isOn): json = isOn
        case .watch(let watch): self.watch = watch
        case .times(let isOn): times = isOn
        case .colour(let isOn): colour = isOn
        }
    }

    var answer: Answer {
        let values = [
            ("timing", timing ? "on" : "off"), ("json", json ? "on" : "off"), ("watch", watch.rawValue), ("times", times ? "on" : "off"),
            ("colour", colour ? "on" : "off"),
        ]
        return Answer(
            command: "set",
            lines: values.map { "\($0.padded(to: 8))\($1)" },
            value: .object(Dictionary(uniqueKeysWithValues: values.map { ($0, .string($1)) }))
        )
    }
}

extension String {
    /// With spaces at the end; for texts of one column a character.
    func padded(to width: Int) -> String {
        self + String(repeating: " ", count: max(0, width - count))
    }
}
