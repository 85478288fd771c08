import ActionKit

/// A call of a module's action, as the host makes it.
struct ModuleCall: Sendable {
    var action: String
    var arguments: JSON
    /// What the module is told of the chat: `_meta` of the call.
    var context: JSON
    /// After a question, what the customer answered.
    var continuation: Inquiry.Continuation?
    /// The most that this call may take, where its step says so.
    var limit: Duration?
    /// Told of progress, from any thread; must not block.
    var onProgress: @Sendable (String?) -> Void = { _ in }

    /// What the module is told, with its own folder for files.
    func context(spool: String) -> JSON {
        var context = context
        context["spool"] = .string(spool)
        return context
    }
}

/// A module that is up: it has said what it can do, and takes calls.
protocol ModuleConnection: Sendable {
    var listing: ToolListing { get }
    /// The folder from which it may send files.
    var spool: String { get }

    /// The result of a call, as MCP's `tools/call` has it today.
    /// - Throws: ``ModuleFailure``, or `CancellationError` when the task is cancelled; the module is told then.
    func result(of call: ModuleCall) async throws -> JSON
}
