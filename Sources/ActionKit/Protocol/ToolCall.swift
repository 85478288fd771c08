/// What `tools/call` asks for, as it was sent.
package struct ToolCall: Sendable, Hashable {
    package let name: String
    package let arguments: [String: JSON]
    /// The member ``MCP/Meta/context`` of `_meta`; an empty object where a client does not send it.
    package let context: JSON
    package let progressToken: JSON?
    /// What the person answered to an earlier question, and what the module wanted to remember.
    package let answers: [String: JSON]?
    package let state: String?

    package init(params: JSON) throws(RPCError) {
        guard let name = params["name"]?.stringValue else { throw .invalidParams("'name' is missing: which action to call") }
        guard let arguments = (params[present: "arguments"] ?? [:]).objectValue else {
            throw .invalidParams("'arguments' is not an object")
        }
        self.name = name
        self.arguments = arguments
        let meta = params["_meta"]
        context = meta?[present: MCP.Meta.context] ?? [:]
        progressToken = meta?[present: "progressToken"]
        state = params["requestState"]?.stringValue
        answers = Self.answers(in: params) ?? state.map { _ in [:] }
    }

    private init(_ call: ToolCall, answers: [String: JSON], state: String?) {
        name = call.name
        arguments = call.arguments
        context = call.context
        progressToken = call.progressToken
        self.answers = answers
        self.state = state
    }

    /// The same call, after its question has been answered.
    func answered(_ answers: [String: JSON], state: String?) -> ToolCall {
        ToolCall(self, answers: answers, state: state)
    }

    private static func answers(in params: JSON) -> [String: JSON]? {
        params["inputResponses"]?.objectValue.map { responses in
            responses.values.map(answer).reduce(into: [:]) { all, answer in all.merge(answer) { first, _ in first } }
        }
    }

    /// The content of an elicitation that was accepted; nothing of one that was declined.
    static func answer(_ elicitation: JSON) -> [String: JSON] {
        elicitation["action"] == "accept" ? elicitation["content"]?.objectValue ?? [:] : [:]
    }
}
