/// What an action gives back: a value and files, or a question to the person in the chat.
public enum ActionResult: Sendable, Hashable {
    /// The value that `as:` names, and files that `attach` can send.
    case done(value: JSON, files: [GeneratedFile])
    /// The action cannot go on without an answer. It is called again once there is one.
    case question(ActionQuestion)
}

extension ActionResult {
    /// Any value: in a bot file, `{{name.total}}` reaches into an object that `as: name` has named.
    public static func value(_ value: JSON) -> ActionResult { .done(value: value, files: []) }

    /// A text as the value.
    public static func text(_ text: String) -> ActionResult { .value(.string(text)) }

    /// One file: `attach: "{{name}}"` sends what `as: name` has named. The members of an object `value` are beside those of the file.
    public static func file(_ file: GeneratedFile, value: JSON = .null) -> ActionResult { .done(value: value, files: [file]) }

    /// Several files: `{{name.files}}` is their list.
    public static func files(_ files: [GeneratedFile], value: JSON = .null) -> ActionResult { .done(value: value, files: files) }

    /// Asks the person in the chat. The action is called again with the same arguments, and with ``ActionContext/answers``.
    public static func ask(_ question: ActionQuestion) -> ActionResult { .question(question) }

    /// The value; `nil` for a question.
    public var value: JSON? {
        if case .done(let value, _) = self { value } else { nil }
    }

    /// The files; none for a question.
    public var files: [GeneratedFile] {
        if case .done(_, let files) = self { files } else { [] }
    }
}
