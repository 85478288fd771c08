/// What an action needs to know from the person in the chat before it can go on.
///
/// ```swift
/// guard let answers = context.answers else {
///     return .ask(ActionQuestion("Which of your orders is it?", [.required("order", .string)], state: "looking"))
/// }
/// ```
public struct ActionQuestion: Sendable, Hashable {
    /// As the person reads it.
    public let message: String
    /// What is asked for. A field is a text, a number, a boolean, or one of a list of texts; all of them together are a form.
    public let fields: [Schema.Property]
    /// Comes back as ``ActionContext/state``. The host keeps it, also across a restart; the action keeps nothing. It passes through other
    /// hands, so it is checked like any other input.
    public let state: String?

    /// A question. Unless told otherwise it asks for one text, named `answer`.
    public init(_ message: String, _ fields: [Schema.Property] = [.required("answer", .string)], state: String? = nil) {
        self.message = message
        self.fields = fields
        self.state = state
    }
}
