// One initialiser for each number of parameters. With a parameter pack it would be one for all, but Swift 6.3 frees the memory of a pack that
// is used across a suspension in the wrong order, and the program ends.

extension Action {
    /// An action with typed parameters, of which its schema is made; the body gets their values in the order in which they are declared.
    ///
    /// ```swift
    /// Action(
    ///     "shout",
    ///     "Says it louder.",
    ///     Parameter("text", String.self, "What to say"),
    ///     Parameter("times", Int.self, "How often", default: 1)
    /// ) { text, times, context in
    ///     guard times >= 0 else { throw ActionError("'times' is \(times); it must not be negative") }
    ///     return .text(String(repeating: text.uppercased(), count: times))
    /// }
    /// ```
    ///
    /// There may be up to six parameters. For more, and for names in place of positions, see ``init(_:_:parameters:idempotent:readOnly:body:)``.
    ///
    /// - Parameters:
    ///   - name: 1 to 128 letters, digits, `_`, `-` and `.`.
    ///   - description: For the author of a bot file, in one or two sentences.
    ///   - idempotent: Whether a second call with the same arguments does no more than the first.
    ///   - readOnly: Whether it changes nothing anywhere.
    ///   - body: What the action does. It throws ``ActionError`` to say why it cannot; the message of any other error is for the log alone.
    public init(
        _ name: String,
        _ description: String,
        idempotent: Bool = false,
        readOnly: Bool = false,
        body: @escaping @concurrent @Sendable (ActionContext) async throws -> ActionResult
    ) {
        self.init(name, description, properties: [], idempotent, readOnly) { _, context in
            try await body(context)
        }
    }

    /// As the one without parameters, with one.
    public init<A: ParameterValue>(
        _ name: String,
        _ description: String,
        _ a: Parameter<A>,
        idempotent: Bool = false,
        readOnly: Bool = false,
        body: @escaping @concurrent @Sendable (A, ActionContext) async throws -> ActionResult
    ) {
        self.init(name, description, properties: [a.property], idempotent, readOnly) {
            try await body(a.value(in: $0), $1)
        }
    }

    /// As the one without parameters, with two.
    public init<A: ParameterValue, B: ParameterValue>(
        _ name: String,
        _ description: String,
        _ a: Parameter<A>,
        _ b: Parameter<B>,
        idempotent: Bool = false,
        readOnly: Bool = false,
        body: @escaping @concurrent @Sendable (A, B, ActionContext) async throws -> ActionResult
    ) {
        self.init(name, description, properties: [a.property, b.property], idempotent, readOnly) {
            try await body(a.value(in: $0), b.value(in: $0), $1)
        }
    }

    /// As the one without parameters, with three.
    public init<A: ParameterValue, B: ParameterValue, C: ParameterValue>(
        _ name: String,
        _ description: String,
        _ a: Parameter<A>,
        _ b: Parameter<B>,
        _ c: Parameter<C>,
        idempotent: Bool = false,
        readOnly: Bool = false,
        body: @escaping @concurrent @Sendable (A, B, C, ActionContext) async throws -> ActionResult
    ) {
        self.init(name, description, properties: [a.property, b.property, c.property], idempotent, readOnly) {
            try await body(a.value(in: $0), b.value(in: $0), c.value(in: $0), $1)
        }
    }

    /// As the one without parameters, with four.
    public init<A: ParameterValue, B: ParameterValue, C: ParameterValue, D: ParameterValue>(
        _ name: String,
        _ description: String,
        _ a: Parameter<A>,
        _ b: Parameter<B>,
        _ c: Parameter<C>,
        _ d: Parameter<D>,
        idempotent: Bool = false,
        readOnly: Bool = false,
        body: @escaping @concurrent @Sendable (A, B, C, D, ActionContext) async throws -> ActionResult
    ) {
        self.init(name, description, properties: [a.property, b.property, c.property, d.property], idempotent, readOnly) {
            try await body(a.value(in: $0), b.value(in: $0), c.value(in: $0), d.value(in: $0), $1)
        }
    }

    /// As the one without parameters, with five.
    public init<A: ParameterValue, B: ParameterValue, C: ParameterValue, D: ParameterValue, E: ParameterValue>(
        _ name: String,
        _ description: String,
        _ a: Parameter<A>,
        _ b: Parameter<B>,
        _ c: Parameter<C>,
        _ d: Parameter<D>,
        _ e: Parameter<E>,
        idempotent: Bool = false,
        readOnly: Bool = false,
        body: @escaping @concurrent @Sendable (A, B, C, D, E, ActionContext) async throws -> ActionResult
    ) {
        self.init(name, description, properties: [a.property, b.property, c.property, d.property, e.property], idempotent, readOnly) {
            try await body(a.value(in: $0), b.value(in: $0), c.value(in: $0), d.value(in: $0), e.value(in: $0), $1)
        }
    }

    /// As the one without parameters, with six.
    public init<A: ParameterValue, B: ParameterValue, C: ParameterValue, D: ParameterValue, E: ParameterValue, F: ParameterValue>(
        _ name: String,
        _ description: String,
        _ a: Parameter<A>,
        _ b: Parameter<B>,
        _ c: Parameter<C>,
        _ d: Parameter<D>,
        _ e: Parameter<E>,
        _ f: Parameter<F>,
        idempotent: Bool = false,
        readOnly: Bool = false,
        body: @escaping @concurrent @Sendable (A, B, C, D, E, F, ActionContext) async throws -> ActionResult
    ) {
        self.init(
            name,
            description,
            properties: [a.property, b.property, c.property, d.property, e.property, f.property],
            idempotent,
            readOnly
        ) {
            try await body(a.value(in: $0), b.value(in: $0), c.value(in: $0), d.value(in: $0), e.value(in: $0), f.value(in: $0), $1)
        }
    }

    private init(
        _ name: String,
        _ description: String,
        properties: [Schema.Property],
        _ idempotent: Bool,
        _ readOnly: Bool,
        body: @escaping Body
    ) {
        self.init(
            name: name,
            description: description,
            parameters: .object(properties),
            idempotent: idempotent,
            readOnly: readOnly,
            body: body
        )
    }
}

extension Action {
    /// An action whose parameters are the properties of a type.
    ///
    /// ```swift
    /// Action("book", "Books a table.", parameters: Booking.self) { booking, context in ... }
    /// ```
    public init<Parameters: ParameterObject>(
        _ name: String,
        _ description: String,
        parameters: Parameters.Type,
        idempotent: Bool = false,
        readOnly: Bool = false,
        body: @escaping @concurrent @Sendable (Parameters, ActionContext) async throws -> ActionResult
    ) {
        self.init(
            name: name,
            description: description,
            parameters: Parameters.schema,
            idempotent: idempotent,
            readOnly: readOnly
        ) { arguments, context in
            try await body(Parameters.shape.read(arguments), context)
        }
    }
}
