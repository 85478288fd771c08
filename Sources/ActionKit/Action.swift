/// One named operation that a bot file can call: what it is called, what it needs, and what it does.
///
/// ```swift
/// Action("shout", "Says it louder.", Parameter("text", String.self, "What to say")) { text, context in
///     .text(text.uppercased())
/// }
/// ```
public struct Action: Sendable {
    /// What an action does, with arguments that its schema has accepted.
    ///
    /// Runs off the session that calls it, so an action that computes for long holds up nobody else's turn. Cancellation is the task's: the
    /// chat ended, the step's time is up, or nobody waits any more.
    public typealias Body = @concurrent @Sendable (_ arguments: [String: JSON], _ context: ActionContext) async throws -> ActionResult

    /// 1 to 128 letters, digits, `_`, `-` and `.`.
    public let name: String
    /// For the author of a bot file, in one or two sentences.
    public let description: String
    /// An object schema.
    public let parameters: Schema
    /// Whether a second call with the same arguments does no more than the first, so that an interrupted call may be run again.
    public let idempotent: Bool
    /// Whether it changes nothing anywhere: it looks up, or computes. Such an action is idempotent as well.
    public let readOnly: Bool
    private let body: Body

    /// An action whose schema is written by hand. Where the parameters have types, the other initialiser is less work.
    public init(
        name: String,
        description: String,
        parameters: Schema,
        idempotent: Bool = false,
        readOnly: Bool = false,
        body: @escaping Body
    ) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.idempotent = idempotent || readOnly
        self.readOnly = readOnly
        self.body = body
    }

    /// Runs the action with its arguments coerced, defaults filled in, and checked: the body sees only what its schema accepts.
    ///
    /// - Throws: ``ActionError`` with every problem of the arguments, or what the action throws.
    public func call(_ arguments: [String: JSON], in context: ActionContext) async throws -> ActionResult {
        let prepared: [String: JSON]
        do {
            prepared = try prepare(arguments)
        } catch {
            throw ActionError("\(name): \(error)")
        }
        return try await run(prepared, in: context)
    }

    /// The arguments coerced, with defaults filled in, and checked.
    func prepare(_ arguments: [String: JSON]) throws(SchemaMismatch) -> [String: JSON] {
        try parameters.prepare(.object(arguments)).objectValue ?? [:]
    }

    /// Runs the action with arguments that ``prepare(_:)`` gave.
    func run(_ prepared: [String: JSON], in context: ActionContext) async throws -> ActionResult {
        try await body(prepared, context)
    }
}
