import ActionKit
import ConnectWire

/// Triggers and filters.
extension BotReader {
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
        behaviour = body
        defer { behaviour = nil }
        let trigger = node["when"].flatMap { self.trigger($0, of: node) }
        if node["when"] == nil, node["name"] == nil {
            report("'when' is missing: what starts this behaviour (or a 'name', so that 'run' can)", at: node.mark)
        }
        checkKeys(entries, BotLanguage.behaviourKeys(trigger: node["when"]?.triggerName))
        let filter = self.filter(node)
        if let steps = required("do", "the list of steps", in: node) {
            blocks[body.rawValue].steps = self.steps(steps, "'do'")
        }
        return Behaviour(name: node["name"]?.text, trigger: trigger, filter: filter, body: body, mark: node.mark)
    }

    private mutating func trigger(_ node: YAMLNode, of behaviour: YAMLNode) -> Behaviour.Trigger? {
        if let entries = node.entries { return idle(entries, node) }
        guard let name = text(node, "'when'") else { return nil }
        switch name {
        case "idle": return refuse("'idle' needs a time: 'when: { idle: 10m }'", at: node.mark)
        case "joined": return .joined
        case "message": return .message
        case "attachment": return .attachment
        case "event": return .event(behaviour["type"].flatMap { eventType($0) })
        case "unmatched": return .unmatched
        case "failed": return .failed
        case "ended": return .ended
        default: return refuse(unknown("trigger", name, BotLanguage.triggers.names), at: node.mark)
        }
    }

    private mutating func idle(_ entries: [YAMLNode.Entry], _ node: YAMLNode) -> Behaviour.Trigger? {
        guard entries.count == 1, entries[0].key == "idle" else {
            return refuse("a trigger is a name, or 'idle' with its time: 'when: { idle: 10m }'", at: node.mark)
        }
        return duration(entries[0].value, "'idle'").map { .idle($0) }
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
            for block in step.branches { checkEnded(block, &checked) }
            switch step.kind {
            case .set, .log, .call, .stop, .run, .branch, .each: continue
            case .say, .ask, .choose, .typing, .attach, .wait, .leave:
                report("after 'ended' the chat is over: only 'set', 'log' and the actions of modules are possible", at: step.mark)
            }
        }
    }
}

extension Behaviour {
    var idleTime: Duration? {
        if case .idle(let time)? = trigger { time } else { nil }
    }
}

extension YAMLNode {
    /// Of what follows `when`.
    fileprivate var triggerName: String? {
        text ?? entries?.first?.key
    }
}
