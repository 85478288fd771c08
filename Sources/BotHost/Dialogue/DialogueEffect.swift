package import ActionKit
package import ConnectWire
package import FoundationEssentials
package import Logging

/// Numbers a session's effects, in the order in which they were decided.
package struct EffectID: RawRepresentable, Hashable, Comparable, Codable, Sendable {
    package let rawValue: Int

    package init(rawValue: Int) {
        self.rawValue = rawValue
    }

    package static func < (left: Self, right: Self) -> Bool {
        left.rawValue < right.rawValue
    }
}

extension EffectID: ExpressibleByIntegerLiteral {
    package init(integerLiteral value: Int) {
        self.init(rawValue: value)
    }
}

extension EffectID: CustomStringConvertible {
    package var description: String { "#\(rawValue)" }
}

/// Something that a dialogue wants done.
package struct DialogueEffect: Hashable, Sendable {
    package let id: EffectID
    package let kind: Kind
    /// The step that wants it.
    package let place: Place

    package enum Kind: Hashable, Sendable {
        /// Never longer than the service takes in one message.
        case message(ContentType, String)
        case typing
        case attach(AttachedFile)
        /// Disconnects the bot's participant.
        case leave
        case call(ActionCall)
        /// The outcome of this effect is not awaited any more. What has not begun need not begin.
        case cancel(EffectID)
        case log(Logger.Level, String)
    }

    package init(id: EffectID, kind: Kind, place: Place) {
        self.id = id
        self.kind = kind
        self.place = place
    }

    /// Whether the dialogue wants to hear how it went: a ``DialogueInput/outcome(_:_:)``.
    package var isAwaited: Bool {
        switch kind {
        case .message, .attach, .leave, .call: true
        case .typing, .cancel, .log: false
        }
    }
}

/// A call of an action.
package struct ActionCall: Hashable, Codable, Sendable {
    package var module: String
    package var action: String
    package var parameters: JSON
    /// What the step could see.
    package var variables: [String: JSON]
    /// What has not answered at the deadline is cancelled by an effect of its own; the deadline only tells the module.
    package var deadline: Date?
    /// Where the call goes on after a question.
    package var continuation: Inquiry.Continuation?

    package init(
        module: String,
        action: String,
        parameters: JSON,
        variables: [String: JSON] = [:],
        deadline: Date? = nil,
        continuation: Inquiry.Continuation? = nil
    ) {
        self.module = module
        self.action = action
        self.parameters = parameters
        self.variables = variables
        self.deadline = deadline
        self.continuation = continuation
    }

    package var name: String { "\(module).\(action)" }
}

/// What an `attach` step sends.
package enum AttachedFile: Hashable, Sendable {
    /// The handle that an action's result carried: an object with `name`, `type`, `size` and `sha256`. It comes out of the bot's values, so
    /// whether this session may send that file is still to be checked.
    case handle(JSON)
    /// A file below the bot file's folder: relative, without `..`. Links are still to be checked.
    case path(String)

    /// As for any path, and also what the service would refuse by the name alone.
    static func problem(withConstantPath path: String) -> String? {
        if let problem = problem(withPath: path) { return problem }
        let name = path.split(separator: "/").last.map(String.init) ?? ""
        let rules = AttachmentRules.documented
        return rules.check(name: name, contentType: rules.contentType(forName: name) ?? "", size: 1)?.description
    }

    /// Why a path may not be attached, if it may not.
    static func problem(withPath path: String) -> String? {
        let parts = path.split(separator: "/", omittingEmptySubsequences: false)
        if path.isEmpty { return "the path of the file is empty" }
        if path.hasPrefix("/") { return "the path '\(path)' is absolute: name a file in the bot's folder" }
        if parts.contains("..") { return "the path '\(path)' leads out of the bot's folder through '..'" }
        if path.unicodeScalars.contains("\0") { return "the path of the file contains a zero byte" }
        return nil
    }
}
