/// Actions under one name: a bot file calls them as `module.action`.
public struct Module: Sendable {
    public let name: String
    /// Of the module, for people who ask which one is running.
    public let version: String
    public let actions: [Action]

    public init(name: String, version: String = "1.0.0", actions: [Action]) {
        self.name = name
        self.version = version
        self.actions = actions
    }

    /// The action of this name.
    public subscript(action name: String) -> Action? {
        actions.first { $0.name == name }
    }
}
