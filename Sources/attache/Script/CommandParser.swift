import ActionKit
import BotHost
import ConnectWire
import Transport

/// Reads commands. A line that begins with `\` is one; anything else is said.
struct CommandParser {
    private var words: WordReader
    private let name: String

    /// - Returns: Nil for an empty line and a comment.
    static func parse(_ line: String) throws(CommandError) -> Command? {
        let trimmed = line.trimmingPrefix { $0 == " " || $0 == "\t" }
        if trimmed.isEmpty || trimmed.hasPrefix("#") { return nil }
        guard trimmed.hasPrefix("\\") else { return .say(line) }
        // Two of them say what begins with one.
        if trimmed.hasPrefix("\\\\") { return .say(String(trimmed.dropFirst())) }
        let name = String(trimmed.dropFirst().prefix { !$0.isWhitespace })
        var parser = CommandParser(words: WordReader(trimmed.dropFirst(1 + name.count)), name: name)
        let command = try parser.command()
        if let word = try parser.words.next() { throw parser.mistake("'\(word.text)' is one word too many") }
        return command
    }

    private mutating func command() throws(CommandError) -> Command {
        switch name {
        case "start": return try start()
        case "connect": return .connect(try connect())
        case "use": return try use()
        case "sessions": return .sessions
        case "participants": return .participants
        case "leave": return .leave
        case "attach": return .attach(path: try word("the path of a file"))
        case "typing": return .typing
        case "read": return .read
        case "delivered": return .delivered
        case "choose": return .choose(title: try word("the title of a choice"))
        case "transcript": return try transcript()
        case "save": return .save(item: try word("the item"), path: try words.next()?.text)
        case "uploads": return .uploads
        case "retry": return .retry(file: try words.next()?.text)
        case "do": return .act(action: try word("the name of an action, as in documents.table"), parameters: words.rest())
        case "modules": return .modules(reload: try choice(of: ["reload"]) != nil)
        case "raw": return .raw(operation: try operation(), body: words.rest())
        case "why": return .why(item: try word("the item"))
        case "faults": return .faults(try faults())
        case "expect": return try expect()
        case "wait": return .wait(try duration("how long"))
        case "advance": return .advance(try duration("how far"))
        case "record":
            let path = try word("the path of a file")
            return .record(path: path == "off" ? nil : path)
        case "replay": return .replay(path: try word("the path of a chat script"))
        case "source": return .source(path: try word("the path of a file"))
        case "set": return .set(try setting())
        case "timing": return .set(.timing(try isOn(or: true)))
        case "json": return .set(.json(try isOn(or: true)))
        case "watch": return .set(.watch(try watch()))
        case "error": return .error
        case "help": return .help(try words.next()?.text)
        case "quit": return .quit
        default:
            let names = CommandReference.all.map(\.name)
            let hint = nearest(to: name, in: names).map { #" Did you mean '\\#($0)'?"# } ?? #" \help lists them."#
            throw CommandError("there is no command '\\\(name)'.\(hint)")
        }
    }

    private mutating func start() throws(CommandError) -> Command {
        let bot = try word("the name of a bot")
        var name: String?
        var attributes: [String: String] = [:]
        while let option = try words.next() {
            switch option.text {
            case "--as": name = try word("a name")
            case "--attributes": attributes = try self.attributes()
            default: throw noOption(option.text, of: ["--as", "--attributes"])
            }
        }
        return .start(bot: bot, name: name, attributes: attributes)
    }

    private mutating func attributes() throws(CommandError) -> [String: String] {
        let text = try words.jsonObject()
        guard let object = (try? JSON(parsing: text))?.objectValue else { throw mistake("the attributes are not a JSON object") }
        var attributes: [String: String] = [:]
        for (key, value) in object {
            guard let text = value.stringValue else { throw mistake("the attribute '\(key)' is not a text") }
            attributes[key] = text
        }
        return attributes
    }

    // MARK: \expect

    private mutating func expect() throws(CommandError) -> Command {
        guard var first = try words.next(mayBePattern: true) else { throw mistake("what is expected is missing") }
        if first.text == "nothing", !first.isQuoted {
            try keyword("for")
            return .expectNothing(try duration("how long"))
        }
        let allowsSkipping = first.isQuoted || first.text != "next"
        if !allowsSkipping {
            guard let second = try words.next(mayBePattern: true) else { throw mistake("what is expected is missing") }
            first = second
        }
        let expectation = try expectation(first)
        guard let word = try words.next() else { return .expect(expectation, allowsSkipping: allowsSkipping, within: nil) }
        guard word.text == "within" else { throw mistake("after what is expected comes 'within' or nothing, not '\(word.text)'") }
        return .expect(expectation, allowsSkipping: allowsSkipping, within: try duration("how long"))
    }

    private mutating func expectation(_ first: WordReader.Word) throws(CommandError) -> Expectation {
        if first.isQuoted { return .text(first.text) }
        if first.isPattern {
            do throws(PatternError) {
                _ = try Pattern(first.text)
            } catch {
                throw mistake("the pattern is wrong: \(error)")
            }
            return .pattern(first.text)
        }
        switch first.text {
        case "file": return .file(try file())
        case "event": return .event(try word("the type of an event"))
        case "typing": return .typing
        case "left": return .left
        case "joined": return .joined
        case "choice": return .choice(try word("the title of a choice"))
        default:
            let known = ["next", "nothing", "file", "event", "typing", "left", "joined", "choice"]
            throw mistake("'\(first.text)' cannot be expected; a text needs quotes\(hint(first.text, known))")
        }
    }

    private mutating func file() throws(CommandError) -> FileExpectation {
        var file = FileExpectation(name: try word("the name of a file"))
        while let next = try words.peek(), ["type", "contains", "equals"].contains(next.text), !next.isQuoted {
            _ = try words.next()
            switch next.text {
            case "type": file.contentType = try word("a content type")
            case "contains": file.contains = try word("a text")
            default: file.equals = try word("the path of a file")
            }
        }
        return file
    }

    // MARK: Words

    mutating func next() throws(CommandError) -> WordReader.Word? { try words.next() }

    mutating func rest() -> String { words.rest() }

    mutating func word(_ what: String) throws(CommandError) -> String {
        guard let word = try words.next() else { throw mistake("\(what) is missing") }
        return word.text
    }

    /// One of some words, or nothing.
    mutating func choice(of known: [String]) throws(CommandError) -> String? {
        guard let word = try words.next()?.text else { return nil }
        guard known.contains(word) else { throw mistake("'\(word)' is not \(known.joined(separator: " or "))\(hint(word, known))") }
        return word
    }

    private mutating func keyword(_ keyword: String) throws(CommandError) {
        guard try words.next()?.text == keyword else { throw mistake("'\(keyword)' is missing") }
    }

    private mutating func duration(_ what: String) throws(CommandError) -> Duration {
        let text = try word(what)
        // A century: whoever writes more has mistyped.
        let limit = Duration.seconds(100 * 365 * 86_400)
        guard let duration = WrittenDuration(text).duration(in: [.milliseconds, .seconds, .minutes, .hours], upTo: limit) else {
            throw mistake("'\(text)' is not a duration: a number and a unit, as in 500ms, 5s, 2m, 1h")
        }
        return duration
    }

    func mistake(_ problem: String) -> CommandError {
        CommandError("\(problem)\(problem.hasSuffix("?") ? "" : ".") It is: \(CommandReference.find(name)?.usage ?? name)")
    }

    func noOption(_ word: String, of known: [String]) -> CommandError {
        mistake("'\(word)' is not an option of it\(hint(word, known))")
    }

    /// What was probably meant.
    func hint(_ word: String, _ known: [String]) -> String {
        nearest(to: word, in: known).map { "; did you mean '\($0)'?" } ?? ""
    }
}

/// A line that cannot be understood.
struct CommandError: Error, Equatable, CustomStringConvertible {
    let description: String

    init(_ description: String) {
        self.description = description
    }
}
