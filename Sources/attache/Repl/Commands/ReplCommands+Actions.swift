import ActionKit
import BotHost
import ConnectWire

// Actions, as a behaviour's steps run them.
extension ReplCommands {
    func act(_ action: String, _ parameters: String) async throws {
        let person = try cast.speaker
        let members: [String: JSON]
        do {
            guard let object = try JSON(parsing: parameters.isEmpty ? "{}" : parameters).objectValue else {
                throw Problem("the parameters are not a JSON object", status: .usage)
            }
            members = object
        } catch let error as JSONError {
            throw Problem("the parameters are \(error)", status: .usage)
        }
        let result = try await call(action, members, as: person)
        var lines = result.value == .null ? [] : [result.value.serialized()]
        for file in result.files {
            let size = try made.keep(file)
            lines.append("made \(file.name), \(file.contentType), \(UploadText.size(size)); \\attach \(file.name.quotedIfNeeded) sends it")
        }
        show(
            .answer(
                Answer(
                    command: "do",
                    lines: lines.isEmpty ? ["done"] : lines,
                    value: ["value": result.value, "files": .array(result.files.map { .string($0.name) })]
                )
            )
        )
    }

    func call(_ action: String, _ parameters: [String: JSON], as person: Person) async throws -> ActionResult {
        do {
            return try await BotFiles.modules.call(
                action,
                parameters,
                for: .init(id: person.participantID?.rawValue, role: person.role.rawValue, displayName: person.name),
                in: .init(id: person.contactID?.rawValue),
                over: person.connection
            )
        } catch let error as ActionError {
            throw Problem(error.reason)
        }
    }

    func modules(reload: Bool) throws -> Answer {
        if reload { throw Problem("the built-in modules are part of the program, and there are no others here to load again") }
        let names = BotFiles.modules.actions.keys.sorted()
        let modules = Dictionary(grouping: names) { String($0.prefix { $0 != "." }) }.sorted { $0.key < $1.key }
        return Answer(
            command: "modules",
            lines: modules.flatMap { module, actions in
                ["  \(module.padded(to: 14)) built-in, ready"]
                    + actions.map { "    \($0.padded(to: 24)) \(BotFiles.modules.action($0)?.description ?? "")" }
            },
            value: .array(
                modules.map { module, actions in
                    ["name": .string(module), "state": "ready", "actions": .array(actions.map(JSON.string))]
                }
            )
        )
    }
}
