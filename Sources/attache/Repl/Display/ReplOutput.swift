import ActionKit
import ConnectWire

/// One thing that the REPL tells.
enum ReplOutput: Equatable, Sendable {
    case item(ShownItem)
    case upload(ShownUpload)
    /// Somebody whom one speaks as hears nothing more.
    case ended(session: String, reason: String)
    /// What a command answers.
    case answer(Answer)
    case notice(String)
    case problem(Problem)
    /// A line of a script, before it is done.
    case line(String)
    /// A command is done.
    case done(String, Duration, isTold: Bool)
}

/// What a command answers, for people and for programs.
struct Answer: Equatable, Sendable {
    var command: String
    var lines: [String]
    var value: JSON
}

/// An item as it is shown: with the number that it is referred to by.
struct ShownItem: Equatable, Sendable {
    var number: Int
    /// Who heard it, of those whom one speaks as.
    var session: String
    var isOwn: Bool
    /// Whether more chats than one are watched.
    var namesSession: Bool
    /// Of a receipt, the number of the message that it is about.
    var about: Int? = nil
    var item: Item
}

/// How far a file is.
struct ShownUpload: Equatable, Sendable {
    var session: String
    var name: String
    var state: String
    var sentBytes: Int64
    var size: Int64
    var reason: String?
    var isFinal: Bool
}
