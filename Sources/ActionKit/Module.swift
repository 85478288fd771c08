/// Actions under one name: a bot file calls them as `module.action`.
public struct Module: Sendable {
    public let name: String
    public let actions: [Action]

    public init(name: String, actions: [Action]) {
        self.name = name
        self.actions = actions
    }

    public subscript(action name: String) -> Action? {
        actions.first { $0.name == name }
    }
}
