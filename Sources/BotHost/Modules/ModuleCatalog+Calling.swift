package import ActionKit
import ConnectWire
package import Participant
import Transport

extension ModuleCatalog {
    /// Calls an action for somebody who is in a chat, as a step of a bot would be for its bot. Once, and without a deadline of its own.
    /// - Throws: ``ActionError``, also where there is no such action, ``ModuleFailure``, and what the action throws.
    package func call(
        _ call: ActionCall,
        for participant: ActionContext.Participant,
        in contact: ActionContext.Contact,
        over connection: ParticipantConnection
    ) async throws -> ToolResult {
        let context = ActionContext(
            contact: contact,
            participant: participant,
            variables: call.variables,
            now: connection.api.time.now,
            transcript: { try await TranscriptReader(connection).items(limit: .max).map(TranscriptEntry.init) }
        )
        switch target(call.module, call.action) {
        case .builtIn(let action)?:
            return switch try await action.call(call.parameters.objectValue ?? [:], in: context) {
            case .done(let value, let files): .done(value: value, files: files.map(MadeFile.init))
            case .question(let question): .question(Inquiry(question))
            }
        case .supervised(let module)?:
            return try await module.call(ModuleCall(action: call.action, arguments: call.parameters, context: context.meta))
        case nil: throw ActionError("there is no action '\(call.name)'")
        }
    }
}
