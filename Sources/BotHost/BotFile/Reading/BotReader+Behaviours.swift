import ActionKit
import ConnectWire

/// Triggers and filters.
extension BotReader {
    private static let triggers = ["joined", "message", "attachment", "event", "unmatched", "failed", "ended"]
    private static let senders: [String: Behaviour.Senders] = [
        "customer": .roles([.customer]),
        "agent": .roles([.agent]),
        "custom_bot": .roles([.customBot]),
        "supervisor": .roles([.supervisor]),
        "system": .roles([.system]),
        "anyone": .anyone,
    ]

    mutating func behaviours(_ node: YAMLNode) -> [Behaviour]? {
        guard let nodes = list(node, "'behaviours'") else { return nil }
        blocks = nodes.map { _ in Block(steps: [], isBody: true) }
        for (index, node) in nodes.enumerated() { noteName(of: node, body: BlockID(rawValue: index)) }
        var behaviours: [Behaviour] = []
        for (index, node) in nodes.enumerated() {
            guard let behaviour = behaviour(node, body: BlockID(rawValue: index)) else { continue }
            behaviours.append(behaviour)
        }
        return behaviours
    }

    private mutating func noteName(of node: YAMLNode, body: BlockID) {
        guard let name = node["name"] else { return }
        guard let text = text(name, "'name'") else { return }
        if bodies.updateValue(body, forKey: text) != nil { report("another behaviour is called '\(text)' already", at: name.mark) }
    }

    private mutating func behaviour(_ node: YAMLNode, body: BlockID) -> Behaviour? {
        guard let entries = mapping(node, "a behaviour") else { return nil }
        let trigger = node["when"].flatMap { self.trigger($0, of: node) }
        if node["when"] == nil, node["name"] == nil {
            report("'when' is missing: what starts this behaviour (or a 'name', so that 'run' can)", at: node.mark)
        }
        checkKeys(entries, ["name", "when"] + Self.filters(of: node["when"]?.text) + ["do"])
        let filter = self.filter(node)
        if let steps = required("do", "the list of steps", in: node) {
            blocks[body.rawValue].steps = self.steps(steps, "'do'")
        }
        return Behaviour(name: node["name"]?.text, trigger: trigger, filter: filter, body: body, mark: node.mark)
    }

    private static func filters(of trigger: String?) -> [String] {
        switch trigger {
        case nil: []
        case "joined", "failed", "ended": ["if"]
        case "attachment", "unmatched": ["from", "if"]
        case "event": ["type", "from", "if"]
        case "message": ["matches", "says", "from", "if"]
        default: ["matches", "says", "type", "from", "if"]
        }
    }

    private mutating func trigger(_ node: YAMLNode, of behaviour: YAMLNode) -> Behaviour.Trigger? {
        guard let name = text(node, "'when'") else { return nil }
        switch name {
        case "joined": return .joined
        case "message": return .message
        case "attachment": return .attachment
        case "event": return .event(behaviour["type"].flatMap { eventType($0) })
        case "unmatched": return .unmatched
        case "failed": return .failed
        case "ended": return .ended
        default: return refuse(unknown("trigger", name, Self.triggers), at: node.mark)
        }
    }

    /// Short, as in `participant.joined`, or whole.
    private mutating func eventType(_ node: YAMLNode) -> ContentType? {
        guard let name = text(node, "'type'") else { return nil }
        let whole = ContentType(rawValue: name)
        return whole.eventName == nil ? .event(name) : whole
    }

    private mutating func filter(_ node: YAMLNode) -> Behaviour.Filter {
        var filter = Behaviour.Filter()
        filter.matches = node["matches"].flatMap { pattern($0, "'matches'") }
        if let says = node["says"] {
            filter.says = (says.elements ?? [says]).compactMap { text($0, "'says'")?.normalisedForComparison }
        }
        if let from = node["from"] { filter.from = senders(from) }
        filter.condition = node["if"].flatMap { condition($0) }
        return filter
    }

    private mutating func senders(_ node: YAMLNode) -> Behaviour.Senders {
        var roles: Set<ParticipantRole> = []
        for element in node.elements ?? [node] {
            guard let name = text(element, "'from'") else { continue }
            switch Self.senders[name] {
            case .roles(let named): roles.formUnion(named)
            case .anyone, .otherSide: return .anyone
            case nil: report(unknown("sender", name, Self.senders.keys.sorted()), at: element.mark)
            }
        }
        return .roles(roles)
    }

    /// After the end, the service takes nothing from the bot any more.
    mutating func checkEnded(_ behaviours: [Behaviour]) {
        var checked: Set<BlockID> = []
        for behaviour in behaviours where behaviour.trigger == .ended { checkEnded(behaviour.body, &checked) }
    }

    private mutating func checkEnded(_ block: BlockID, _ checked: inout Set<BlockID>) {
        guard checked.insert(block).inserted else { return }
        for step in blocks[block.rawValue].steps {
            if let otherwise = step.otherwise { checkEnded(otherwise, &checked) }
            switch step.kind {
            case .set, .log, .call, .stop: continue
            case .run(let body): checkEnded(body, &checked)
            case .branch(_, let then, let otherwise):
                for block in [then, otherwise].compactMap({ $0 }) { checkEnded(block, &checked) }
            case .say, .ask, .typing, .attach, .wait, .leave:
                report("after 'ended' the chat is over: only 'set', 'log' and the actions of modules are possible", at: step.mark)
            }
        }
    }
}
