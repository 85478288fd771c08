package import ActionKit

/// What a module wants to know from the customer before its call can go on: one prompt after another, and what was answered so far.
package struct Inquiry: Hashable, Codable, Sendable {
    /// One thing that is asked for.
    package struct Prompt: Hashable, Codable, Sendable {
        /// The module's name for the form that it belongs to.
        package var request: String
        /// The form's field; nil where the form has none, and the customer only says yes or no.
        package var field: String?
        package var text: String
        package var schema: JSON

        package init(request: String, field: String?, text: String, schema: JSON = .object([:])) {
            self.request = request
            self.field = field
            self.text = text
            self.schema = schema
        }
    }

    /// What the module needs to go on with the call.
    package struct Continuation: Hashable, Codable, Sendable {
        /// By form: `{"action": "accept", "content": {...}}`, or `{"action": "decline"}`.
        package var responses: JSON
        /// The module's own, as it gave it.
        package var state: JSON

        /// The contents of the forms, for an action of this process; nothing of one that was declined.
        var answers: [String: JSON] {
            (responses.objectValue ?? [:]).values.reduce(into: [:]) { all, response in
                all.merge(response["content"]?.objectValue ?? [:]) { first, _ in first }
            }
        }
    }

    package private(set) var prompts: [Prompt]
    private var responses: [String: JSON] = [:]
    private let state: JSON

    /// How often a prompt is repeated after an answer that does not fit.
    static let retries = 2
    package static let promptLimit = 32
    /// How long a prompt waits for its answer.
    static let answerTime = Duration.seconds(600)

    /// - Parameter prompts: At least one.
    package init(prompts: [Prompt], state: JSON) {
        self.prompts = prompts
        self.state = state
        for prompt in prompts where responses[prompt.request] == nil {
            responses[prompt.request] = ["action": "accept", "content": [:]]
        }
    }

    var current: Prompt? { prompts.first }

    /// - Throws: Why it cannot be kept: all of it is, until it is answered.
    func checkLimits() throws(StepFailure) {
        var meter = ValueMeter()
        try meter.count(state, depth: 0)
        for prompt in prompts {
            try meter.add(prompt.text.utf8.count)
            try meter.count(prompt.schema, depth: 0)
        }
    }

    /// What the module gets, once all has been answered.
    package var continuation: Continuation? {
        prompts.isEmpty ? Continuation(responses: .object(responses), state: state) : nil
    }

    /// Takes an answer to the current prompt.
    /// - Returns: False when it is none.
    package mutating func take(_ text: String) -> Bool {
        guard let prompt = prompts.first else { return false }
        guard let field = prompt.field else {
            guard let isAccepted = text.saysYes else { return false }
            if !isAccepted { responses[prompt.request] = ["action": "decline"] }
            prompts.removeFirst()
            return true
        }
        guard let value = Schema(json: prompt.schema).answer(text) else { return false }
        responses[prompt.request]?["content"]?[field] = value
        prompts.removeFirst()
        return true
    }
}

extension Schema {
    /// What a person's words mean as a value of this kind; nil if nothing.
    fileprivate func answer(_ text: String) -> JSON? {
        let text = text.trimmed
        if let allowed {
            return allowed.first { ($0.stringValue ?? $0.serialized()).withoutPunctuation == text.withoutPunctuation }
        }
        switch kind {
        case .boolean: return text.saysYes.map(JSON.bool)
        case .anyOf(let kinds):
            // A lazy sequence would ask each twice, and so 2^n times where they are nested.
            for kind in kinds {
                if let answer = kind.answer(text) { return answer }
            }
            return Optional.none
        default:
            let value = coerce(.string(text))
            return validate(value).isEmpty ? value : nil
        }
    }
}

extension String {
    fileprivate var trimmed: String {
        var text = self[...]
        while let first = text.first, first.isWhitespace { text.removeFirst() }
        while let last = text.last, last.isWhitespace { text.removeLast() }
        return String(text)
    }

    /// What counts where one of a few words is meant.
    fileprivate var withoutPunctuation: String {
        normalisedForComparison.filter { $0.isLetter || $0.isNumber }
    }

    /// Whether a person agrees, if this is an answer to that.
    fileprivate var saysYes: Bool? {
        switch withoutPunctuation {
        case "yes", "y", "true", "ok", "okay", "sure": true
        case "no", "n", "false", "nothanks": false
        default: nil
        }
    }
}
