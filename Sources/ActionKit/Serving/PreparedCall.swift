import FoundationEssentials

/// One call of an action, its arguments checked, ready to run.
struct PreparedCall: Sendable {
    let action: Action
    let call: ToolCall
    private let arguments: [String: JSON]

    /// - Throws: What a caller is told that calls what there is not, or with arguments that do not fit.
    init(_ call: ToolCall, of module: Module) throws(RPCError) {
        guard let action = module[action: call.name] else {
            let hint = nearest(to: call.name, in: module.actions.map(\.name)).map { ". Did you mean '\($0)'?" } ?? ""
            throw .invalidParams("unknown action '\(call.name)'\(hint)")
        }
        do {
            arguments = try action.prepare(call.arguments)
        } catch {
            throw .invalidParams("\(action.name): \(error)")
        }
        self.action = action
        self.call = call
    }

    private init(_ prepared: PreparedCall, _ call: ToolCall) {
        action = prepared.action
        arguments = prepared.arguments
        self.call = call
    }

    /// The same call, after its question has been answered.
    func answered(_ answers: [String: JSON], state: String?) -> PreparedCall {
        PreparedCall(self, call.answered(answers, state: state))
    }

    /// Runs the action, and puts its files where the caller can take them.
    ///
    /// - Parameters:
    ///   - now: What time it is, where the caller does not say.
    func outcome(
        now: Date,
        progress: @escaping @Sendable (String?) async -> Void,
        log: @escaping @Sendable (ActionContext.LogLevel, String) -> Void
    ) async -> CallOutcome {
        let context = ActionContext(of: call, now: now, progress: progress, log: log)
        do {
            let result = try await action.run(arguments, in: context)
            return .result(try await result.settled(in: call.spool))
        } catch {
            if Task.isCancelled { return .cancelled }
            guard let error = error as? ActionError else {
                log(.error, "\(action.name): \(error)")
                return .failed(ActionError("the action '\(action.name)' failed; its log says why"))
            }
            if error.message != nil { log(.warning, "\(action.name): \(error.reason)") }
            return .failed(error)
        }
    }
}

/// How a call ended.
enum CallOutcome: Sendable, Hashable {
    case result(ActionResult)
    case failed(ActionError)
    /// Nobody waits for an answer.
    case cancelled
}
