import ActionKit
import ConnectWire

// The commands with options of their own.
extension CommandParser {
    mutating func connect() throws(CommandError) -> Command.Connect {
        var connect = Command.Connect(tokenFile: "")
        while let option = try next() {
            switch option.text {
            case "--token-file": connect.tokenFile = try word("the file with the participant token")
            case "--role": connect.role = try role(of: ParticipantRole.all)
            case "--as": connect.name = try word("a name")
            case "--participant-id": connect.participantID = ParticipantID(try word("the participant's id"))
            default: throw noOption(option.text, of: ["--token-file", "--role", "--as", "--participant-id"])
            }
        }
        guard !connect.tokenFile.isEmpty else { throw mistake("--token-file is missing; a token is never typed where others can see it") }
        return connect
    }

    mutating func use() throws(CommandError) -> Command {
        let name = try word("the name of a participant")
        guard let option = try next() else { return .use(name: name, role: nil) }
        guard option.text == "--role" else { throw noOption(option.text, of: ["--role"]) }
        return .use(name: name, role: try role(of: [.agent, .supervisor]))
    }

    private mutating func role(of known: [ParticipantRole]) throws(CommandError) -> ParticipantRole {
        let text = try word("a role")
        guard let role = known.first(where: { $0.rawValue == text.uppercased() }) else {
            let names = known.map { $0.rawValue.lowercased() }
            throw mistake("the role '\(text)' cannot join: it is \(names.joined(separator: " or "))\(hint(text, names))")
        }
        return role
    }

    mutating func transcript() throws(CommandError) -> Command {
        var format: TranscriptFormat?
        var path: String?
        while let word = try next() {
            switch word.text {
            case "--format":
                let name = try self.word("a format")
                guard let known = TranscriptFormat(rawValue: name) else {
                    let hint = hint(name, TranscriptFormat.allCases.map(\.rawValue))
                    throw mistake("the format '\(name)' is not txt, csv or json\(hint)")
                }
                format = known
            case ">": path = try self.word("the path of a file")
            case let text where text.hasPrefix(">") && !word.isQuoted: path = String(text.dropFirst())
            default: throw noOption(word.text, of: ["--format"])
            }
        }
        let ending = path.flatMap { $0.split(separator: ".").last }.flatMap { TranscriptFormat(rawValue: String($0)) }
        return .transcript(format: format ?? ending ?? .txt, path: path)
    }

    mutating func operation() throws(CommandError) -> Operation {
        let name = try word("the operation")
        if let operation = Operation.allCases.first(where: { $0.rawValue.lowercased() == name.lowercased() }) { return operation }
        let names = Operation.allCases.map(\.rawValue)
        let hint = nearest(to: name, in: names).map { " Did you mean \($0)?" } ?? " Known: \(names.joined(separator: ", "))."
        throw CommandError("the participant API has no operation '\(name)'.\(hint)")
    }

    mutating func faults() throws(CommandError) -> Command.Faults {
        let text = rest()
        if text.hasPrefix("{") { return .add(text) }
        let word = String(text.prefix { !$0.isWhitespace })
        switch word {
        case "list" where word == text: return .list
        case "clear" where word == text: return .clear
        case "add":
            let json = text.dropFirst(word.count).drop(while: \.isWhitespace)
            if json.hasPrefix("{") { return .add(String(json)) }
        default: break
        }
        throw mistake("a fault in braces is missing\(hint(word, ["add", "list", "clear"]))")
    }

    // MARK: Settings

    mutating func setting() throws(CommandError) -> Setting? {
        guard let name = try next()?.text else { return nil }
        switch name {
        case "timing": return .timing(try isOn())
        case "json": return .json(try isOn())
        case "times": return .times(try isOn())
        case "colour", "color": return .colour(try isOn())
        case "watch": return .watch(try watch())
        default:
            throw mistake("there is no setting '\(name)'\(hint(name, Setting.names))")
        }
    }

    mutating func isOn(or fallback: Bool? = nil) throws(CommandError) -> Bool {
        guard let word = try choice(of: ["on", "off"]) else {
            guard let fallback else { throw mistake("'on' or 'off' is missing") }
            return fallback
        }
        return word == "on"
    }

    mutating func watch() throws(CommandError) -> Watch {
        guard let word = try choice(of: Watch.allCases.map(\.rawValue)), let watch = Watch(rawValue: word) else {
            throw mistake("whose items is missing")
        }
        return watch
    }
}
