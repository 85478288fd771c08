import ActionKit
import ConnectWire
import FoundationEssentials

/// The values that a step can see.
struct Scope {
    let initialVariables: [String: JSON]
    let variables: [String: JSON]
    let facts: DialogueFacts
    var locals: [String: JSON] = [:]
    var match: [String?] = []
    var item: ChatItem?
    var failure: StepFailure?
    /// `{{this}}` in an `#each`.
    var element: JSON?

    /// What is given, whatever the bot file says; so nothing else may have these names.
    static let givenNames = ["contact", "customer", "message", "attachment", "attachments", "event", "match", "error", "this"]

    /// What the bot file has named: the session's variables and the run's.
    var named: [String: JSON] {
        initialVariables.merging(variables) { _, set in set }.merging(locals) { _, own in own }
    }

    subscript(path: ValuePath) -> JSON? {
        root(path.root).flatMap(path.follow)
    }

    private func root(_ name: String) -> JSON? {
        switch name {
        case "contact": contact
        case "customer": facts.customerName.map { ["name": .string($0)] }
        case "message": message
        case "attachment": attachments?[0]
        case "attachments": attachments
        case "event": event
        case "match": match.isEmpty ? nil : .array(match.map { $0.map(JSON.string) ?? .null })
        case "error": failure.map { ["reason": .string($0.reason), "kind": .string($0.kind.rawValue)] }
        case "this": element
        default: locals[name] ?? variables[name] ?? initialVariables[name]
        }
    }

    private var contact: JSON {
        var members: [String: JSON] = ["attributes": .object(facts.attributes.mapValues(JSON.string))]
        members["id"] = facts.contact.map { .string($0.rawValue) }
        return .object(members)
    }

    private var message: JSON? {
        guard let item, case .message(let type, let text) = item.kind else { return nil }
        return described(item, ["text": .string(text), "type": .string(type.rawValue)])
    }

    private var event: JSON? {
        guard let item, case .event(let type) = item.kind else { return nil }
        return described(item, ["type": .string(type.eventName ?? type.rawValue)])
    }

    private var attachments: JSON? {
        guard let item, case .attachment(let files) = item.kind else { return nil }
        return .array(
            files.map { file in
                var members: [String: JSON] = [:]
                members["id"] = file.id.map { .string($0.rawValue) }
                members["name"] = file.name.map(JSON.string)
                members["type"] = file.type.map { .string($0.rawValue) }
                members["status"] = file.status.map { .string($0.rawValue) }
                return described(item, members)
            }
        )
    }

    /// With who sent the item, and when.
    private func described(_ item: ChatItem, _ members: [String: JSON]) -> JSON {
        var members = members
        members["from"] = .string(item.role.rawValue.lowercased())
        members["sender"] = item.displayName.map(JSON.string)
        members["time"] = .string(item.time.formatted(.iso8601))
        return .object(members)
    }
}
