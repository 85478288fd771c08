import ActionKit
import ConnectWire

/// Turns the values of a YAML document into a bot, and notes everything that is wrong on the way.
///
/// A function that gives back nil has said why.
struct BotReader {
    let source: SourceText
    let actions: [String: Schema]
    let builtInModules: Set<String>
    var diagnostics: [Diagnostic]
    /// The bodies of the behaviours come first, so that `run` can name one that has not been read yet.
    var blocks: [Block] = []
    var bodies: [String: BlockID] = [:]
    var moduleNames: Set<String> = []
    /// What the file gives a value to, anywhere, and where it uses one.
    var namesGiven = GivenNames()
    var namesUsed: [UsedName] = []
    /// The behaviour that is being read.
    var behaviour: BlockID?

    /// - Parameter actions: The built-in ones, by full name.
    /// - Parameter modules: Of the file's own modules, the actions that are known.
    init(source: SourceText, actions: [String: Schema], modules: [String: [String: Schema]], diagnostics: [Diagnostic]) {
        self.source = source
        builtInModules = Set(actions.keys.compactMap { $0.split(separator: ".").first.map(String.init) })
        self.actions = modules.reduce(into: actions) { all, module in
            for (action, parameters) in module.value { all["\(module.key).\(action)"] = parameters }
        }
        self.diagnostics = diagnostics
    }

    mutating func bot(_ root: YAMLNode, text: String) -> BotDefinition? {
        guard let entries = mapping(root, "a bot file") else { return nil }
        checkKeys(entries, BotLanguage.head.names)
        let name = required("bot", "the bot's name", in: root).flatMap { botName($0) }
        let modules = root["modules"].map { self.modules($0) } ?? []
        let limits = root["limits"].map { self.botLimits($0) } ?? BotLimits()
        let variables = root["variables"].map { self.variables($0) } ?? [:]
        let behaviours = required("behaviours", "a list of triggers and steps", in: root).flatMap { self.behaviours($0) }
        let displayName = root["participant"].flatMap { self.displayName($0) }
        let description = root["description"].flatMap { self.text($0, "'description'") }
        checkNames()
        guard let name, let behaviours else { return nil }
        checkEnded(behaviours)
        // What could not be read may be what reaches the rest.
        if !diagnostics.contains(where: { $0.severity == .error }) { checkReach(behaviours) }
        return BotDefinition(
            name: name,
            description: description,
            displayName: displayName,
            modules: modules,
            variables: variables,
            behaviours: behaviours,
            limits: limits,
            idleTimes: Set(behaviours.compactMap(\.idleTime)).sorted(),
            blocks: blocks,
            path: source.path,
            source: text
        )
    }

    // MARK: The head of the file

    private mutating func botName(_ node: YAMLNode) -> String? {
        guard let name = text(node, "'bot'") else { return nil }
        let isAllowed = name.utf8.allSatisfy { isASCIIWord($0) }
        guard isAllowed, name.utf8.count <= 64 else {
            return refuse("'\(name)' cannot name a bot: at most 64 of the letters A to Z, digits, _ and -", at: node.mark)
        }
        return name
    }

    private mutating func displayName(_ node: YAMLNode) -> String? {
        guard let entries = mapping(node, "'participant'") else { return nil }
        checkKeys(entries, BotLanguage.participant.names)
        guard let name = node["display_name"].flatMap({ text($0, "'display_name'") }) else { return nil }
        guard name.unicodeScalars.count <= 256 else {
            return node["display_name"].flatMap { refuse("a display name has at most 256 characters", at: $0.mark) }
        }
        return name
    }

    private mutating func botLimits(_ node: YAMLNode) -> BotLimits {
        var limits = BotLimits()
        guard !node.isNull, let entries = mapping(node, "'limits'") else { return limits }
        checkKeys(entries, BotLanguage.botLimits.names)
        guard let rate = node["messages_per_minute"] else { return limits }
        let range = BotLimits.messagesPerMinute
        if rate.text == "off" {
            limits.messagesPerMinute = nil
        } else if let count = rate.text.flatMap({ Int($0) }), range.contains(count) {
            limits.messagesPerMinute = count
        } else {
            report("'messages_per_minute' is a whole number from \(range.lowerBound) to \(range.upperBound), or off", at: rate.mark)
        }
        return limits
    }

    private mutating func variables(_ node: YAMLNode) -> [String: JSON] {
        guard !node.isNull else { return [:] }
        var variables: [String: JSON] = [:]
        for entry in mapping(node, "'variables'") ?? [] {
            guard let name = valueName(entry.key, at: entry.keyMark, isLasting: true), let value = constant(entry.value) else { continue }
            variables[name] = value
        }
        return variables
    }

    func isASCIIWord(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: byte == UInt8(ascii: "_") || byte == UInt8(ascii: "-")
        }
    }
}

// MARK: What every part needs

extension BotReader {
    mutating func report(_ message: String, at mark: SourceMark, severity: Diagnostic.Severity = .error) {
        diagnostics.append(source.diagnostic(message, at: mark, severity: severity))
    }

    /// Reports, and stands for what could not be read.
    mutating func refuse<Value>(_ message: String, at mark: SourceMark) -> Value? {
        report(message, at: mark)
        return nil
    }

    mutating func required(_ key: String, _ meaning: String, in node: YAMLNode) -> YAMLNode? {
        if let value = node[key] { return value }
        return refuse("'\(key)' is missing: \(meaning)", at: node.mark)
    }

    /// Whether there are only these keys; reports others.
    @discardableResult
    mutating func checkKeys(_ entries: [YAMLNode.Entry], _ allowed: [String]) -> Bool {
        let unknown = entries.filter { !allowed.contains($0.key) }
        for entry in unknown { reportUnknownKey(entry, allowed) }
        return unknown.isEmpty
    }

    mutating func reportUnknownKey(_ entry: YAMLNode.Entry, _ allowed: [String]) {
        let meant = nearest(to: entry.key, in: allowed).map { "Did you mean '\($0)'?" }
        report("unknown key '\(entry.key)'. \(meant ?? "Allowed here: \(allowed.joined(separator: ", ")).")", at: entry.keyMark)
    }

    mutating func mapping(_ node: YAMLNode, _ what: String) -> [YAMLNode.Entry]? {
        node.entries ?? refuse("\(what) is a mapping of keys and values, not \(node.kindName)", at: node.mark)
    }

    mutating func list(_ node: YAMLNode, _ what: String) -> [YAMLNode]? {
        node.elements ?? refuse("\(what) is a list, not \(node.kindName)", at: node.mark)
    }
}
