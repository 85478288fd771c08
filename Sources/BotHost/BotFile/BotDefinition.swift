package import ActionKit
import ConnectWire

/// A bot as its file describes it: who it is, its modules, its behaviours. Everything in it has been checked.
package struct BotDefinition: Sendable {
    package let name: String
    package let description: String?
    /// `participant.display_name`
    package let displayName: String?
    package let modules: [ModuleReference]
    /// What the session's variables are before any `set`.
    package let variables: [String: JSON]
    let behaviours: [Behaviour]
    let limits: BotLimits
    /// After how long a silence there is something to do, the shortest first.
    let idleTimes: [Duration]
    /// All step lists; a ``BlockID`` is an index.
    let blocks: [Block]
    /// As it was given to ``BotFile/load(text:path:actions:)``.
    package let path: String
    /// The file's text, of which a session keeps the digest.
    package let source: String

    func place(line: Int) -> Place {
        Place(file: path, line: line)
    }

    /// A problem that only shows once the file has been read.
    package func diagnostic(_ message: String, at mark: SourceMark) -> Diagnostic {
        SourceText(source, path: path).diagnostic(message, at: mark)
    }

    subscript(block: BlockID) -> Block { blocks[block.rawValue] }
}

/// What a bot's sessions may do.
struct BotLimits: Hashable, Sendable {
    /// How many messages of a chat are answered within a minute before that is taken for a loop; nil for any number.
    var messagesPerMinute: Int? = 30

    static let messagesPerMinute = 1...10_000
}

/// A trigger and the steps that follow it.
struct Behaviour: Sendable {
    /// What `run` calls it.
    let name: String?
    /// Nil for one that only `run` starts.
    let trigger: Trigger?
    let filter: Filter
    let body: BlockID
    let mark: SourceMark

    var line: Int { mark.line }

    enum Trigger: Hashable, Sendable {
        case joined
        case message
        case attachment
        /// Of any type, where none is named.
        case event(ContentType?)
        /// The other side has said nothing for so long.
        case idle(Duration)
        case unmatched
        case failed
        case ended
    }

    /// What an item has to be like. All of it has to fit.
    struct Filter: Sendable {
        var matches: Pattern?
        /// Empty for anything. Trimmed and in lower case.
        var says: [String] = []
        var from: Senders = .otherSide
        var condition: Condition?
    }

    enum Senders: Hashable, Sendable {
        case otherSide
        case anyone
        case roles(Set<ParticipantRole>)
    }
}

/// A list of steps.
struct Block: Sendable {
    var steps: [Step]
    /// Whether these are the steps of a behaviour rather than of a branch.
    var isBody: Bool
}

/// Numbers the step lists of a definition, so that a dialogue's state can name one.
struct BlockID: RawRepresentable, Hashable, Codable, Sendable {
    let rawValue: Int
}
