import ActionKit
import ArgumentParser
import BotHost

/// What modules can do.
struct ModuleList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list",
        abstract: "Start modules, and list their actions.",
        discussion: """
            Examples: attache module list 'python3 Plugins/orders/server.py'
                      attache module list bots/receipts.yaml --json
            """
    )

    @OptionGroup var target: ModuleTarget

    @Flag(help: "Print one JSON object, with the schemas.")
    var json = false

    func run() async throws {
        let problems = try await target.withModules { modules in
            if json {
                Terminal.answer(JSON.object(["modules": .array(modules.map(\.json))]).serialized())
            } else {
                for module in modules { for line in module.lines { Terminal.answer(line) } }
            }
            return modules.compactMap(\.problem)
        }
        if !problems.isEmpty { throw CommandFailure(.failed, problems.joined(separator: "\n")) }
    }
}

extension SupervisedModule {
    fileprivate var json: JSON {
        let state = state
        var members: [String: JSON] = ["name": .string(state.name), "state": .string(state.phase.rawValue)]
        members["reason"] = state.reason.map(JSON.string)
        if let listing {
            members["digest"] = .string(listing.digest)
            members["actions"] = .array(
                listing.tools.map { ["name": .string($0.name), "description": .string($0.description), "inputSchema": $0.inputSchema] }
            )
        }
        return .object(members)
    }

    /// An action a line, with its parameters: those that may be left out in brackets.
    fileprivate var lines: [String] {
        guard let listing else { return [] }
        let actions = listing.tools.flatMap { tool -> [String] in
            let parameters = tool.parameters.properties.map { $0.isRequired ? $0.name : "[\($0.name)]" }
            return ["  \(([tool.name] + parameters).joined(separator: " "))"]
                + tool.description.split(separator: "\n").prefix(1).map { "      \($0)" }
        }
        return ["\(name): \(listing.tools.count) action\(listing.tools.count == 1 ? "" : "s")"] + actions + ["  pin: \(listing.digest)"]
    }
}
