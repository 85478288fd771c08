import ActionKit
import Participant

extension ReplCommands {
    /// What there is to complete with at this moment.
    var completionSource: CompletionSource {
        CompletionSource(
            sessions: cast.people.map(\.name),
            bots: host?.botNames ?? [],
            actions: actions.mapValues(\.propertyNames),
            attachments: ledger.attachmentNames,
            sentFiles: cast.people.flatMap { $0.files.map(\.upload.file.name) },
            madeFiles: made.names
        )
    }
}

extension Schema {
    fileprivate var propertyNames: [String] {
        guard case .object(let properties, _) = kind else { return [] }
        return properties.map(\.name)
    }
}
