package import ActionKit

/// The modules that one bot calls. While anybody holds it, they run.
package struct ModuleCatalog: Sendable {
    /// By full name, `module.action`.
    private let builtIn: [String: Action]
    private let leases: [String: ModuleLease]

    init(builtIn: [String: Action], leases: [String: ModuleLease]) {
        self.builtIn = builtIn
        self.leases = leases
    }

    /// Of a bot that only has the built-in actions, or none.
    package init(builtIn: [String: Action] = [:]) {
        self.init(builtIn: builtIn, leases: [:])
    }

    enum Target {
        case builtIn(Action)
        case supervised(SupervisedModule)
    }

    func target(_ module: String, _ action: String) -> Target? {
        if let lease = leases[module] { return .supervised(lease.module) }
        return builtIn["\(module).\(action)"].map(Target.builtIn)
    }

    /// Whether the call has where to go.
    package func has(_ call: ActionCall) -> Bool { target(call.module, call.action) != nil }

    /// Those of the bot file, by name.
    package var modules: [SupervisedModule] { leases.values.map(\.module).sorted { $0.name < $1.name } }

    /// Returns when each is up, or has failed at least once, or when the time is over.
    package func settle(within limit: Duration? = nil) async throws {
        try await withThrowingDiscardingTaskGroup { group in
            for module in modules { group.addTask { try await module.settle(within: limit) } }
        }
    }

    /// The parameters of the actions of all that are up, by module and action.
    package var schemas: [String: [String: Schema]] {
        leases.compactMapValues { lease in
            lease.module.listing.map { Dictionary($0.tools.map { ($0.name, $0.parameters) }) { first, _ in first } }
        }
    }
}
