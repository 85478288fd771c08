package import ActionKit

/// A module as it runs, under the contract's checks.
extension SupervisedModule: ModuleUnderTest {
    package func tools() async throws -> [JSON] {
        try await settle()
        guard let listing else { throw ModuleFailure.notRunning(state.reason ?? "it is not up") }
        return listing.tools.map(\.entry)
    }

    package func call(_ action: String, _ arguments: JSON) async throws -> JSON {
        do {
            let result = try await result(of: ModuleCall(action: action, arguments: arguments, context: .object([:])))
            try accept(result)
            return result
        } catch ModuleFailure.refused(let message) {
            throw ModuleRefusal(message)
        }
    }

    /// Whether a bot could do something with it; also with words that say what went wrong.
    private func accept(_ result: JSON) throws {
        do {
            _ = try ToolResult(result, spool: spool)
        } catch ModuleFailure.failed {}
    }
}
