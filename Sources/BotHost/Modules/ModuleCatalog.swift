package import ActionKit

/// The actions that bots may call, by their full names.
package struct ModuleCatalog: Sendable {
    /// `module.action` -> action.
    package let actions: [String: Action]

    package init(builtIn modules: [Module]) {
        actions = Dictionary(
            modules.flatMap { module in module.actions.map { ("\(module.name).\($0.name)", $0) } },
            uniquingKeysWith: { first, _ in first }
        )
    }

    package func action(_ fullName: String) -> Action? { actions[fullName] }
}
