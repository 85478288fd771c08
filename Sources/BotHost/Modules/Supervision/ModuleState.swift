/// How a module is doing, for a person.
package struct ModuleState: Hashable, Sendable {
    package enum Phase: String, Hashable, Sendable {
        case starting
        case ready
        case failed
        case stopped
    }

    package var name: String
    package var phase: Phase
    package var actions: [String]
    /// Calls that wait for their turn.
    package var waiting: Int
    package var reason: String?

    package init(name: String, phase: Phase, actions: [String] = [], waiting: Int = 0, reason: String? = nil) {
        self.name = name
        self.phase = phase
        self.actions = actions
        self.waiting = waiting
        self.reason = reason
    }
}
