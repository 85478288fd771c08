/// What an operator asks of a store: one line of JSON on the control socket.
package struct ControlRequest: Codable, Sendable {
    package var action: Action
    /// Of what the action is about.
    package var id: String

    package enum Action: String, Codable, Sendable {
        case retryUpload = "uploads retry"
        case forgetUpload = "uploads forget"
        case forgetSession = "sessions forget"
        case forgetContact = "forget"
    }

    package init(_ action: Action, id: String) {
        self.action = action
        self.id = id
    }
}

/// What came of it, in words.
package enum ControlAnswer: Codable, Sendable, Equatable {
    case done([String])
    case refused(String)
}
