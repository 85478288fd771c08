/// One named operation that a bot file can call: what it is called, what it needs, and what it does.
public struct Action: Sendable {
    /// Runs off the session that calls it, so an action that computes for long holds up nobody else's turn.
    public typealias Body = @concurrent @Sendable (_ arguments: [String: JSON], _ context: ActionContext) async throws -> ActionResult

    public let name: String
    /// For the author of a bot file, in one or two sentences.
    public let description: String
    /// An object schema.
    public let parameters: Schema
    /// Whether a second call with the same arguments does no more than the first, so that an interrupted call may be run again.
    public let idempotent: Bool
    private let body: Body

    public init(name: String, description: String, parameters: Schema, idempotent: Bool = false, body: @escaping Body) {
        self.name = name
        self.description = description
        self.parameters = parameters
        self.idempotent = idempotent
        self.body = body
    }

    /// Runs the action with its arguments coerced, defaults filled in, and checked: the body sees only what its schema accepts.
    ///
    /// - Throws: ``ActionError`` with every problem of the arguments, or what the action throws.
    public func call(_ arguments: [String: JSON], in context: ActionContext) async throws -> ActionResult {
        let prepared: JSON
        do {
            prepared = try parameters.prepare(.object(arguments))
        } catch {
            throw ActionError("\(name): \(error)")
        }
        return try await body(prepared.objectValue ?? [:], context)
    }
}
