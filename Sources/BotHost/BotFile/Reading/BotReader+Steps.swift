import ActionKit
import Logging

/// Steps.
extension BotReader {
    mutating func steps(_ node: YAMLNode, _ what: String) -> [Step] {
        (list(node, what) ?? []).compactMap { step($0) }
    }

    private mutating func block(_ node: YAMLNode?, _ what: String) -> BlockID? {
        guard let node else { return nil }
        let steps = steps(node, what)
        blocks.append(Block(steps: steps, isBody: false))
        return BlockID(rawValue: blocks.count - 1)
    }

    /// A step as it was found: its name, what follows the name, and where the name is.
    private struct Found {
        let name: String
        let mark: SourceMark
        /// Nil for a step that is a bare name.
        let parameters: YAMLNode?
        let node: YAMLNode
    }

    private mutating func step(_ node: YAMLNode) -> Step? {
        guard let found = find(node) else { return nil }
        // In the order of the text, so that blocks are numbered in it.
        let kind = kind(of: found)
        let result = node["as"].flatMap { name in text(name, "'as'").flatMap { valueName($0, at: name.mark) } }
        var within = node["within"].flatMap { duration($0, "'within'") }
        let otherwise = block(node["otherwise"], "'otherwise'")
        guard let kind else { return nil }
        if case .attach = kind, within == nil { within = Step.attachWithin }
        return Step(kind: kind, result: result, within: within, otherwise: otherwise, mark: found.mark)
    }

    // MARK: Which step it is

    private mutating func find(_ node: YAMLNode) -> Found? {
        switch node.content {
        case .scalar(let name, _) where !node.isNull:
            return Found(name: name, mark: node.mark, parameters: nil, node: node)
        case .mapping(let entries):
            return find(among: entries, node)
        default:
            return refuse("a step is a name, or a name and what it needs, not \(node.kindName)", at: node.mark)
        }
    }

    private mutating func find(among entries: [YAMLNode.Entry], _ node: YAMLNode) -> Found? {
        let belonging = BotLanguage.modifiers.names + BotLanguage.steps.flatMap(\.companions.names)
        let candidates = entries.filter { !belonging.contains($0.key) }
        let known = candidates.filter { isStep($0.key) }
        if known.count > 1 {
            let (first, second) = (known[0].key, known[1])
            return refuse("'\(first)' and '\(second.key)' are two steps: begin each with '- '", at: second.keyMark)
        }
        guard let entry = known.first ?? candidates.first else {
            return refuse("this is no step: nothing says what to do", at: node.mark)
        }
        let allowed = BotLanguage.modifiers.names + (BotLanguage.steps[entry.key]?.companions.names ?? [])
        for other in entries where other.key != entry.key && !allowed.contains(other.key) {
            // Of two unknown keys, one is the step.
            if known.isEmpty, !belonging.contains(other.key) { continue }
            reportUnknownKey(other, [entry.key] + allowed)
        }
        return Found(name: entry.key, mark: entry.keyMark, parameters: entry.value, node: node)
    }

    private func isStep(_ name: String) -> Bool {
        BotLanguage.steps[name] != nil || actions[BotLanguage.shortNames[name] ?? name] != nil || isOfUnloadedModule(name)
    }

    /// Whether the file names the action's module, but nothing is known of the module's actions.
    private func isOfUnloadedModule(_ name: String) -> Bool {
        guard let point = name.firstIndex(of: "."), moduleNames.contains(String(name[..<point])) else { return false }
        return !actions.keys.contains { $0.hasPrefix(name[...point]) }
    }

    private mutating func reportUnknown(_ found: Found) {
        let shortNames = BotLanguage.shortNames.filter { actions[$0.value] != nil }.keys.sorted()
        let known = BotLanguage.steps.names + shortNames + actions.keys.sorted()
        let meant = nearest(to: found.name, in: known)
        if meant == nil, let point = found.name.firstIndex(of: ".") {
            let module = found.name[..<point]
            let others = actions.keys.filter { $0.hasPrefix("\(module).") }.sorted()
            let why = others.isEmpty ? "'modules' does not name '\(module)'." : "Known: \(others.joined(separator: ", "))."
            return report("unknown action '\(found.name)'. \(why)", at: found.mark)
        }
        let hint = meant.map { "Did you mean '\($0)'?" } ?? "Known: \(known.joined(separator: ", "))."
        report("unknown action '\(found.name)'. \(hint)", at: found.mark)
    }

    // MARK: What it needs

    private mutating func kind(of found: Found) -> Step.Kind? {
        switch found.name {
        case "say": return needed(found, "a text").flatMap { message($0, "'say'") }.map { .say($0) }
        case "ask": return needed(found, "a question").flatMap { question($0, found) }
        case "choose": return needed(found, "a question").flatMap { choice($0, found) }
        case "each": return needed(found, "a list").flatMap { each($0, found) }
        case "attach": return needed(found, "a file").flatMap { file($0) }.map { .attach($0) }
        case "set": return needed(found, "names and values").flatMap { assignments($0) }
        case "if": return needed(found, "a condition").flatMap { branch($0, found) }
        case "log": return needed(found, "a text").flatMap { log($0) }
        case "wait": return needed(found, "a duration").flatMap { duration($0, "'wait'") }.map { .wait($0) }
        case "run": return needed(found, "a behaviour's name").flatMap { behaviour($0) }
        case "typing": return nothing(found) ? .typing : nil
        case "stop": return nothing(found) ? .stop : nil
        case "leave": return nothing(found) ? .leave : nil
        default: return call(found)
        }
    }

    private mutating func needed(_ found: Found, _ what: String) -> YAMLNode? {
        guard let parameters = found.parameters, !parameters.isNull else {
            return refuse("'\(found.name)' needs \(what): '- \(found.name): ...'", at: found.mark)
        }
        return parameters
    }

    private mutating func nothing(_ found: Found) -> Bool {
        guard let parameters = found.parameters, !parameters.isNull else { return true }
        report("'\(found.name)' takes nothing", at: parameters.mark)
        return false
    }

    private mutating func message(_ node: YAMLNode, _ what: String) -> Step.Message? {
        guard let entries = node.entries else { return template(node, what).map { Step.Message(text: $0, isMarkdown: false) } }
        checkKeys(entries, BotLanguage.message.names)
        let format = node["format"].flatMap { text($0, "'format'") }
        if let format, !["plain", "markdown"].contains(format), let place = node["format"]?.mark {
            report(unknown("format", format, ["plain", "markdown"]), at: place)
        }
        guard let text = required("text", "what to say", in: node).flatMap({ template($0, "'text'") }) else { return nil }
        return Step.Message(text: text, isMarkdown: format == "markdown")
    }

    private mutating func question(_ node: YAMLNode, _ found: Found) -> Step.Kind? {
        let message = message(node, "'ask'")
        let expect = found.node["expect"].flatMap { pattern($0, "'expect'") }
        let retries = self.retries(found)
        if let mark = found.node["retries"]?.mark, found.node["expect"] == nil {
            report("'retries' needs an 'expect': without one, every answer fits", at: mark)
        }
        guard let message, let retries else { return nil }
        return .ask(Step.Question(message: message, expect: expect, retries: retries))
    }

    private mutating func retries(_ found: Found) -> Int? {
        guard let node = found.node["retries"] else { return Step.Question.defaultRetries }
        return count(node, "'retries'", upTo: BotLanguage.retriesLimit)
    }

    private mutating func choice(_ node: YAMLNode, _ found: Found) -> Step.Kind? {
        let title = template(node, "'choose'")
        let subtitle = found.node["subtitle"].flatMap { template($0, "'subtitle'") }
        let retries = retries(found)
        guard let options = found.node["options"] else {
            return refuse("'choose' needs 'options': a list of what to choose from", at: found.mark)
        }
        guard let values = self.options(options), let title, let retries else { return nil }
        return .choose(Step.Choice(title: title, subtitle: subtitle, options: values, retries: retries))
    }

    private mutating func options(_ node: YAMLNode) -> ValueTemplate? {
        guard let elements = node.elements else {
            guard let text = node.text, text.contains("{{") else {
                return refuse("'options' is a list of texts, or of { title, subtitle, value }, not \(node.kindName)", at: node.mark)
            }
            return sole(value(node), "'options'", at: node.mark)
        }
        guard (1...Picker.optionLimit).contains(elements.count) else {
            return refuse("\(elements.count) options: the service shows 1 to \(Picker.optionLimit)", at: node.mark)
        }
        let known = diagnostics.count
        for element in elements {
            if let entries = element.entries {
                checkKeys(entries, BotLanguage.option.names)
                _ = required("title", "what the option shows", in: element)
            } else if element.elements != nil || element.isNull {
                report("an option is a text, or { title, subtitle, value }, not \(element.kindName)", at: element.mark)
            }
        }
        guard let values = value(node), diagnostics.count == known else { return nil }
        do {
            if let constant = values.constant { _ = try Picker.options(constant) }
        } catch {
            return refuse(error.reason, at: node.mark)
        }
        return values
    }

    private mutating func each(_ node: YAMLNode, _ found: Found) -> Step.Kind? {
        guard let body = block(found.node["do"], "'do'") else {
            return refuse("'each' needs a 'do': the steps for each element", at: found.mark)
        }
        guard node.text != nil || node.elements != nil else {
            return refuse("'each' takes a list, as in \"{{order.lines}}\", not \(node.kindName)", at: node.mark)
        }
        let list = node.elements == nil ? sole(value(node), "'each'", at: node.mark) : value(node)
        return list.map { .each($0, body) }
    }

    /// A list has to come whole, out of one `{{...}}`.
    private mutating func sole(_ value: ValueTemplate?, _ what: String, at mark: SourceMark) -> ValueTemplate? {
        guard let value else { return nil }
        if case .value = value { return value }
        return refuse("\(what) takes a list, as in \"{{order.lines}}\"", at: mark)
    }

    private mutating func file(_ node: YAMLNode) -> Step.File? {
        if let entries = node.entries {
            guard checkKeys(entries, [BotLanguage.path.name]), let path = required("path", "a file in the bot's folder", in: node) else {
                return nil
            }
            guard let template = template(path, "'path'") else { return nil }
            if let problem = template.constant.flatMap(AttachedFile.problem(withConstantPath:)) { return refuse(problem, at: path.mark) }
            return .path(template)
        }
        guard let template = template(node, "'attach'") else { return nil }
        guard template.soleExpression != nil else {
            return refuse("'attach' takes a file that a step has made, as in \"{{file}}\", or 'path: terms.pdf'", at: node.mark)
        }
        return .value(ValueTemplate(template))
    }

    private mutating func assignments(_ node: YAMLNode) -> Step.Kind? {
        guard let entries = mapping(node, "'set'") else { return nil }
        var assignments: [(name: String, value: ValueTemplate)] = []
        for entry in entries {
            guard let name = valueName(entry.key, at: entry.keyMark, isLasting: true), let value = value(entry.value) else { continue }
            assignments.append((name, value))
        }
        return .set(assignments)
    }

    private mutating func branch(_ node: YAMLNode, _ found: Found) -> Step.Kind? {
        let condition = condition(node)
        let then = block(found.node["then"], "'then'")
        let otherwise = block(found.node["else"], "'else'")
        if then == nil, otherwise == nil { report("'if' needs a 'then' or an 'else'", at: found.mark) }
        return condition.map { .branch($0, then: then, else: otherwise) }
    }

    private mutating func log(_ node: YAMLNode) -> Step.Kind? {
        guard let entries = node.entries else { return template(node, "'log'").map { .log(.info, $0) } }
        checkKeys(entries, BotLanguage.logEntry.names)
        let level = node["level"].flatMap { logLevel($0) } ?? .info
        return required("text", "what to log", in: node).flatMap { template($0, "'text'") }.map { .log(level, $0) }
    }

    private mutating func behaviour(_ node: YAMLNode) -> Step.Kind? {
        guard let name = text(node, "'run'") else { return nil }
        if let body = bodies[name] { return .run(body) }
        return refuse(bodies.isEmpty ? "no behaviour has a 'name'" : unknown("behaviour", name, bodies.keys.sorted()), at: node.mark)
    }

    private mutating func call(_ found: Found) -> Step.Kind? {
        guard isStep(found.name) else {
            reportUnknown(found)
            return nil
        }
        let action = BotLanguage.shortNames[found.name] ?? found.name
        guard let point = action.firstIndex(of: ".") else { return nil }
        let schema = actions[action] ?? .any
        var parameters = ValueTemplate.constant(.object([:]))
        if let node = found.parameters, !node.isNull {
            guard mapping(node, "what '\(found.name)' needs") != nil, let value = value(node, as: schema) else { return nil }
            parameters = value
        }
        check(parameters, schema, found.parameters ?? found.node, of: found.name, at: found.mark)
        return .call(
            Step.Call(
                module: String(action[..<point]),
                action: String(action[action.index(after: point)...]),
                parameters: parameters
            )
        )
    }
}
