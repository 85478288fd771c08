import ActionKit
import BotHost
import ConnectWire

// Actions, as a behaviour's steps run them.
extension ReplCommands {
    func act(_ action: String, _ parameters: String) async throws {
        let person = try cast.speaker
        let members: JSON
        do {
            members = try JSON(parsing: parameters.isEmpty ? "{}" : parameters)
        } catch {
            throw Problem("the parameters are \(error)", status: .usage)
        }
        guard members.objectValue != nil else { throw Problem("the parameters are not a JSON object", status: .usage) }
        switch try await call(action, members, as: person) {
        case .question(let inquiry):
            let prompts = inquiry.prompts.map(\.text)
            show(
                .answer(
                    Answer(
                        command: "do",
                        lines: ["it asks the customer: \(prompts.joined(separator: " "))"],
                        value: ["asks": .array(prompts.map(JSON.string))]
                    )
                )
            )
        case .done(let value, let files): try tell(value, files)
        }
    }

    private func tell(_ value: JSON, _ files: [MadeFile]) throws {
        var lines = value.isNull ? [] : [value.serialized()]
        for file in files {
            let size = try made.keep(file)
            lines.append("made \(file.name), \(file.contentType), \(UploadText.size(size)); \\attach \(file.name.quotedIfNeeded) sends it")
        }
        let names = JSON.array(files.map { .string($0.name) })
        show(.answer(Answer(command: "do", lines: lines.isEmpty ? ["done"] : lines, value: ["value": value, "files": names])))
    }

    /// - Parameter name: As a bot file writes it: `module.action`, or the short name of a built-in one.
    func call(_ name: String, _ parameters: JSON, as person: Person) async throws -> ToolResult {
        let parts = name.split(separator: ".", maxSplits: 1).map(String.init)
        let call = ActionCall(
            module: parts.count == 2 ? parts[0] : "documents",
            action: parts.last ?? "",
            parameters: parameters
        )
        guard let catalog = catalogs(for: person).first(where: { $0.has(call) }) else { throw unknown(call) }
        do {
            return try await catalog.call(
                call,
                for: .init(id: person.participantID?.rawValue, role: person.role.rawValue, displayName: person.name),
                in: .init(id: person.contactID?.rawValue),
                over: person.connection
            )
        } catch let error as ActionError {
            throw Problem(error.reason)
        } catch let failure as ModuleFailure {
            throw Problem("the module '\(call.module)' \(failure)")
        }
    }

    private func unknown(_ call: ActionCall) -> Problem {
        let hint = nearest(to: call.name, in: actions.keys.sorted()).map { "; did you mean '\($0)'?" } ?? #"; \modules lists what there is"#
        return Problem("there is no action '\(call.name)'\(hint)")
    }

    /// Those of the chat's own bot first.
    private func catalogs(for person: Person) -> [ModuleCatalog] {
        let bots = host?.bots ?? []
        let ordered = bots.filter { $0.name == person.bot } + bots.filter { $0.name != person.bot }
        return ordered.map(\.modules) + [ModuleCatalog(builtIn: modules.builtIn)]
    }

    /// All that can be called, with their parameters.
    var actions: [String: Schema] {
        var actions = modules.builtIn.mapValues(\.parameters)
        for (module, schemas) in (host?.bots ?? []).flatMap(\.modules.schemas) {
            for (action, schema) in schemas { actions["\(module).\(action)"] = schema }
        }
        return actions
    }

    // MARK: \modules

    func tellModules(reload: Bool) async throws {
        if reload {
            guard let host else { throw Problem("the bots are elsewhere, and their modules with them") }
            try await host.reload()
        }
        let ownBuiltIn = Dictionary(grouping: modules.builtIn.keys.sorted()) { String($0.prefix { $0 != "." }) }
        let builtIn = ownBuiltIn.sorted { $0.key < $1.key }.map { ($0.key, ModuleState(name: $0.key, phase: .ready, actions: $0.value)) }
        let others = (host?.bots ?? []).flatMap { bot in bot.modules.modules.map { ("\(bot.name): \($0.name)", $0.state) } }
        let rows = builtIn + others
        show(
            .answer(
                Answer(
                    command: "modules",
                    lines: rows.flatMap { title, state in [Self.line(title, state)] + state.actions.map { "    \($0)" } },
                    value: .array(rows.map { Self.json($1) })
                )
            )
        )
    }

    private static func line(_ title: String, _ state: ModuleState) -> String {
        let waiting = state.waiting > 0 ? ", \(state.waiting) calls wait" : ""
        return "  \(title.padded(to: 24)) \(state.phase.rawValue)\(waiting)\(state.reason.map { ": \($0)" } ?? "")"
    }

    private static func json(_ state: ModuleState) -> JSON {
        [
            "name": .string(state.name), "state": .string(state.phase.rawValue), "actions": .array(state.actions.map(JSON.string)),
            "waiting": .number(JSONNumber(state.waiting)), "reason": state.reason.map(JSON.string) ?? .null,
        ]
    }
}
