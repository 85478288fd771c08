/// One name of the bot file's language: the reader knows it, an editor offers it, and the README explains it.
struct Word: Sendable {
    let name: String
    /// How it is written, where the name alone does not show that.
    let usage: String
    let summary: String
    let form: Form
    var isRequired = false
    /// What may stand beside it: the filters of a trigger, the keys that only one step has.
    var companions: [Word] = []

    init(_ name: String, _ form: Form, usage: String? = nil, required: Bool = false, _ summary: String, with companions: [Word] = []) {
        self.name = name
        self.usage = usage ?? name
        self.summary = summary
        self.form = form
        self.isRequired = required
        self.companions = companions
    }
}

/// What may follow a name.
indirect enum Form: Sendable {
    case nothing
    /// Any scalar: what is written is the text.
    case text
    case pattern
    case duration
    case count(upTo: Int)
    case choice([String])
    case value
    /// Names and values.
    case values
    case list(Form)
    case keys([Word])
    /// A mapping of names to what each is.
    case named(Form)
    case either([Form])
    case condition
    case trigger
    case behaviour
    case steps
}

extension [Word] {
    var names: [String] { map(\.name) }

    subscript(name: String) -> Word? {
        first { $0.name == name }
    }
}
