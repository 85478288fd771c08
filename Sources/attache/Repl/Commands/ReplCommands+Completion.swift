import ActionKit
import BotHost
import Participant

extension ReplCommands {
    /// What there is to complete with at this moment.
    var completionSource: CompletionSource {
        CompletionSource(
            sessions: cast.people.map(\.name),
            bots: host?.botNames ?? [],
            actions: BotFiles.modules.actions.mapValues(\.parameterNames),
            attachments: ledger.attachmentNames,
            sentFiles: cast.people.flatMap { $0.files.map(\.upload.file.name) },
            madeFiles: made.names
        )
    }
}

extension Action {
    fileprivate var parameterNames: [String] {
        guard case .object(let properties, _) = parameters.kind else { return [] }
        return properties.map(\.name)
    }
}
