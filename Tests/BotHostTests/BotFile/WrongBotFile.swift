import Testing

/// A bot file with something wrong, and all that is to be said about it.
struct WrongBotFile: Sendable, CustomTestStringConvertible {
    let name: String
    let text: String
    let expected: String

    init(_ name: String, text: String, expected: String) {
        self.name = name
        self.text = text
        self.expected = expected
    }

    /// In a bot whose only behaviour has this step.
    init(_ name: String, step: String, expected: String) {
        let steps = step.split(separator: "\n", omittingEmptySubsequences: false).map { "      \($0)" }.joined(separator: "\n")
        self.init(name, text: "bot: t\nbehaviours:\n  - when: message\n    do:\n\(steps)", expected: expected)
    }

    var testDescription: String { name }
}
