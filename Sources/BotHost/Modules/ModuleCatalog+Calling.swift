package import ActionKit
import ConnectWire
package import Participant
import Transport

extension ModuleCatalog {
    /// Calls an action for somebody who is in a chat, as a step of a bot would be for its bot.
    /// - Throws: ``ActionError``, also where there is no such action, and what the action throws.
    package func call(
        _ fullName: String,
        _ parameters: [String: JSON],
        for participant: ActionContext.Participant,
        in contact: ActionContext.Contact,
        over connection: ParticipantConnection
    ) async throws -> ActionResult {
        guard let action = action(fullName) else {
            let hint = nearest(to: fullName, in: actions.keys).map { "; did you mean '\($0)'?" } ?? ""
            throw ActionError("there is no action '\(fullName)'\(hint)")
        }
        let context = ActionContext(
            contact: contact,
            participant: participant,
            now: connection.api.time.now,
            transcript: { try await TranscriptReader(connection).items(limit: .max).map(TranscriptEntry.init) }
        )
        return try await action.call(parameters, in: context)
    }
}
