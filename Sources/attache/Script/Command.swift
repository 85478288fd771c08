import ConnectWire

/// What one line of a chat script, or one line typed in the REPL, asks for.
enum Command: Equatable {
    // Sessions
    case start(bot: String, name: String?, attributes: [String: String])
    case connect(Connect)
    /// Goes on as another participant; with a role, one that joins the current chat.
    case use(name: String, role: ParticipantRole?)
    case sessions
    case participants
    case leave

    // Acting
    case say(String)
    case attach(path: String)
    case typing
    case read
    case delivered
    case choose(title: String)
    case transcript(format: TranscriptFormat, path: String?)
    case save(item: String, path: String?)
    case uploads
    case retry(file: String?)
    case act(action: String, parameters: String)
    case modules(reload: Bool)
    case raw(operation: Operation, body: String)
    case why(item: String)
    case faults(Faults)

    // Scripts
    case expect(Expectation, allowsSkipping: Bool, within: Duration?)
    case expectNothing(Duration)
    case wait(Duration)
    case advance(Duration)
    case record(path: String?)
    case replay(path: String)
    case source(path: String)

    // Manners
    case set(Setting?)
    case error
    case help(String?)
    case quit

    /// Joins a chat that exists, with a participant token that is read from a file.
    struct Connect: Equatable {
        var tokenFile: String
        var role: ParticipantRole = .customer
        var name: String?
        var participantID: ParticipantID?
    }

    enum Faults: Equatable {
        case add(String)
        case list
        case clear
    }

    /// Whether somebody in the chat is likely to answer to it.
    var mayBeAnswered: Bool {
        switch self {
        case .say, .start, .use, .attach, .choose, .leave: true
        default: false
        }
    }

    /// Whether it is of use only to somebody who looks on; a test refuses it before it plays.
    var isForLookers: Bool {
        switch self {
        case .start, .use, .leave, .say, .attach, .typing, .read, .delivered, .choose, .raw, .faults, .expect, .expectNothing, .wait,
            .advance:
            false
        case .connect, .sessions, .participants, .transcript, .save, .uploads, .retry, .act, .modules, .why, .record, .replay, .source,
            .set,
            .error, .help, .quit:
            true
        }
    }
}

enum TranscriptFormat: String, CaseIterable {
    case txt
    case csv
    case json
}

/// What `\set` changes.
enum Setting: Equatable {
    /// How long each command took.
    case timing(Bool)
    /// One JSON object a line.
    case json(Bool)
    case watch(Watch)
    /// The time in front of each item.
    case times(Bool)
    case colour(Bool)

    static let names = ["timing", "json", "watch", "times", "colour"]
}

/// Whose items are shown.
enum Watch: String, CaseIterable {
    case all
    case current
    case off
}

/// What an item has to be like.
enum Expectation: Equatable {
    case text(String)
    case pattern(String)
    case file(FileExpectation)
    case event(String)
    case typing
    case left
    case joined
    case choice(String)
}

/// What an attachment has to be like. All that is given must fit.
struct FileExpectation: Equatable {
    var name: String
    var contentType: String?
    /// A text within the file.
    var contains: String?
    /// A file that is the same byte for byte; relative to the script.
    var equals: String?
}
