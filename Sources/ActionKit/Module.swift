/// Actions under one name: a bot file calls them as `module.action`.
public struct Module: Sendable {
    /// Of the module itself; what a bot file calls it is the bot file's own.
    public let name: String
    /// Of the module, for people who ask which one is running.
    public let version: String
    /// In the order in which they are listed, each with a name of its own.
    public let actions: [Action]

    /// A module of these actions.
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
