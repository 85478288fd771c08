import ConnectWire

/// What one line of a chat script, or one line typed in the REPL, asks for.
enum Command: Equatable {
    case say(String)
    case start(bot: String, name: String?, attributes: [String: String])
    /// Goes on as another participant; with a role, one that joins the current chat.
    case use(name: String, role: ParticipantRole?)
    case expect(Expectation, allowsSkipping: Bool, within: Duration?)
    case expectNothing(Duration)
    case wait(Duration)
    case advance(Duration)
    case attach(path: String)
    case typing
    case read
    case choose(title: String)
    case leave
    case faults(json: String)
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
