import ActionKit
import Transport

/// Why a call of a module's action came to nothing, or a module cannot be used.
package enum ModuleFailure: Error, Hashable, CustomStringConvertible {
    /// It cannot be started, or has crashed too often; why.
    case notRunning(String)
    /// It ended in the middle of a call; how.
    case crashed(String)
    /// It does not keep to the protocol; how.
    case broken(String)
    /// It takes no more input.
    case notReading
    /// As many calls wait for it as may.
    case busy
    case timedOut(Duration)
    case unknownAction(String, known: [String])
    /// It refuses the arguments, by the protocol's own error.
    case refused(String)
    /// The action itself says that it failed; for the customer, too.
    case failed(String)
    /// Its actions are not those that the bot file pins.
    case drifted(found: String)
    /// A question of a call that is not there any more, since the module or the host was restarted.
    case interrupted

    /// What is wrong, for a sentence that begins with the module's name.
    package var description: String {
        switch self {
        case .notRunning(let reason): "is not running: \(reason)"
        case .crashed(let how): "ended in the middle of the call: \(how)"
        case .broken(let how): "does not keep to the protocol: \(how)"
        case .notReading: "takes no more input"
        case .busy: "is busy: too many calls wait for it"
        case .timedOut(let limit): "did not answer within \(limit.briefly)"
        case .unknownAction(let name, let known):
            "has no action '\(name)'; it has \(known.isEmpty ? "none" : known.joined(separator: ", "))"
                + (nearest(to: name, in: known).map { "; did you mean '\($0)'?" } ?? "")
        case .refused(let reason): "refused the call: \(reason)"
        case .failed(let reason): "says: \(reason)"
        case .drifted(let found): "has other actions than those that the bot file pins; their digest is \(found)"
        case .interrupted: "was restarted while it waited for an answer"
        }
    }

    /// Why the module cannot be used, as a sentence about "it".
    var reason: String {
        if case .notRunning(let reason) = self { reason } else { "it \(self)" }
    }

    /// As a step's failure: for the customer, too, so without what only the log should have.
    func stepFailure(of module: String) -> StepFailure {
        switch self {
        case .failed(let reason): StepFailure(reason: reason)
        case .timedOut: StepFailure(reason: "the module '\(module)' \(self)", kind: .timeout)
        case .interrupted: StepFailure(reason: "the module '\(module)' \(self)", kind: .interrupted)
        case .refused, .unknownAction: StepFailure(reason: "the module '\(module)' \(self)", kind: .invalid)
        case .notRunning: StepFailure(reason: "the module '\(module)' is not running")
        case .crashed: StepFailure(reason: "the module '\(module)' ended in the middle of the call")
        case .broken: StepFailure(reason: "the module '\(module)' does not keep to the protocol")
        case .notReading, .busy, .drifted: StepFailure(reason: "the module '\(module)' \(self)")
        }
    }
}
