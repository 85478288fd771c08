import ActionKit

/// The questions of modules, MCP's `elicitation/create`, and those of built-in actions.
extension Inquiry {
    /// Out of a result that says `input_required`.
    init(_ result: JSON) throws(ModuleFailure) {
        guard let requests = result["inputRequests"]?.objectValue, !requests.isEmpty else {
            throw .broken("it wants input and does not say which")
        }
        var prompts: [Prompt] = []
        for (key, request) in requests.sorted(by: { $0.key < $1.key }) {
            guard request["method"] == "elicitation/create" else {
                throw .broken("it wants '\(request["method"]?.stringValue ?? "?")', which a chat cannot give")
            }
            prompts += try Self.prompts(key, request["params"] ?? .null)
        }
        try self.init(bounded: prompts, state: result["requestState"] ?? .null)
    }

    /// Names the one question that the older protocol asks at a time.
    static let legacyKey = "elicitation"

    /// - Parameter question: Of a built-in action.
    init(_ question: ActionQuestion) {
        let prompts = Self.prompts("question", question.message, question.fields)
        self.init(prompts: prompts, state: question.state.map(JSON.string) ?? .null)
    }

    private init(bounded prompts: [Prompt], state: JSON) throws(ModuleFailure) {
        guard prompts.count <= Self.promptLimit else { throw .broken("it asks for more than \(Self.promptLimit) things at once") }
        self.init(prompts: prompts, state: state)
    }

    private static func prompts(_ key: String, _ params: JSON) throws(ModuleFailure) -> [Prompt] {
        guard params["mode"]?.stringValue ?? "form" == "form", let message = params["message"]?.stringValue else {
            throw .broken("it asks in a way that a chat cannot: mode '\(params["mode"]?.stringValue ?? "?")'")
        }
        return prompts(key, message, Schema(json: params["requestedSchema"] ?? .object([:])).properties)
    }

    private static func prompts(_ key: String, _ message: String, _ fields: [Schema.Property]) -> [Prompt] {
        guard !fields.isEmpty else { return [Prompt(request: key, field: nil, text: "\(message) (yes or no)")] }
        return fields.enumerated().map { index, field in
            let isAlone = fields.count == 1
            var text = index == 0 ? message : ""
            if !isAlone { text += (text.isEmpty ? "" : "\n") + (field.schema.description ?? field.name) + "?" }
            if let choices = field.schema.choices { text += " (\(choices))" }
            return Prompt(request: key, field: field.name, text: text, schema: field.schema.json)
        }
    }
}

extension Schema {
    /// What can be answered, in words, where that is not free.
    fileprivate var choices: String? {
        if let allowed { return allowed.map { $0.stringValue ?? $0.serialized() }.joined(separator: ", ") }
        return kind == .boolean ? "yes or no" : nil
    }
}
