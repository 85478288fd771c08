import ActionKit
import FoundationEssentials

/// One execution of a behaviour, as far as it has come.
struct Run: Hashable, Sendable {
    /// The step lists that are under way, the innermost last. Never empty while the run lasts.
    var frames: [Frame]
    /// Captures and the values named by `as`.
    var locals: [String: JSON] = [:]
    /// `{{match.0}}` is the whole match.
    var match: [String?] = []
    /// The item that the run is about: what triggered it, then each answer that it took.
    var item: ChatItem?
    var waiting: Waiting?

    /// A place in a step list.
    struct Frame: Hashable, Codable, Sendable {
        var block: BlockID
        /// The step in progress, or the next one.
        var next: Int = 0
        /// In an `otherwise`, what went wrong.
        var failure: StepFailure?
        /// When the step that these steps belong to is out of time.
        var deadline: Date?
        /// In the steps of an `each`, what is left of the list.
        var loop: Loop?
    }

    /// What an `each` goes over: the element in progress, then those to come. Never empty.
    struct Loop: Hashable, Sendable {
        var elements: [JSON]
    }

    /// What the step in progress waits for.
    struct Waiting: Hashable, Codable, Sendable {
        var reason: Reason
        /// For an answer: how often the question may still be repeated.
        var retries: Int?
        var deadline: Date?
        /// Of a call that cannot go on before this is answered.
        var inquiry: Inquiry?

        enum Reason: Hashable, Codable, Sendable {
            /// The outcomes of these, in this order.
            case effects([EffectID])
            case answer
            case time
        }
    }

    var nextDeadline: Date? {
        (frames.map(\.deadline) + [waiting?.deadline]).compactMap { $0 }.min()
    }
}
