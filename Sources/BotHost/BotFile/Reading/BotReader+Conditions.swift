/// What follows `if`.
extension BotReader {
    mutating func condition(_ node: YAMLNode) -> Condition? {
        guard let entries = node.entries else { return truth(node) }
        guard checkKeys(entries, BotLanguage.conditions.names) else { return nil }
        guard entries.count == 1 else {
            return refuse("one condition at a time: put several into 'all' or 'any'", at: node.mark)
        }
        let operand = entries[0].value
        switch entries[0].key {
        case "equals": return pair(operand, "'equals'").flatMap { both($0).map { .equals($0, $1) } }
        case "contains": return pair(operand, "'contains'").flatMap { both($0).map { .contains($0, $1) } }
        case "matches":
            guard let (value, pattern) = pair(operand, "'matches'") else { return nil }
            guard let value = self.value(value), let pattern = self.pattern(pattern, "a pattern") else { return nil }
            return .matches(value, pattern)
        case "less": return pair(operand, "'less'").flatMap { both($0).map { .less($0, $1) } }
        case "greater": return pair(operand, "'greater'").flatMap { both($0).map { .greater($0, $1) } }
        case "present": return path(operand).map { .present($0) }
        case "not": return condition(operand).map { .not($0) }
        case "all": return conditions(operand, "'all'").map { .all($0) }
        default: return conditions(operand, "'any'").map { .any($0) }
        }
    }

    private mutating func truth(_ node: YAMLNode) -> Condition? {
        guard node.text?.contains("{{") ?? false else {
            let known = BotLanguage.conditions.names.joined(separator: ", ")
            return refuse("a condition is a value, as in \"{{found}}\", or a mapping with one of \(known)", at: node.mark)
        }
        return value(node).map { .holds($0) }
    }

    private mutating func pair(_ node: YAMLNode, _ what: String) -> (YAMLNode, YAMLNode)? {
        guard let elements = node.elements, elements.count == 2 else {
            return refuse("\(what) compares two things: give it a list of two", at: node.mark)
        }
        return (elements[0], elements[1])
    }

    private mutating func both(_ pair: (YAMLNode, YAMLNode)) -> (ValueTemplate, ValueTemplate)? {
        guard let left = value(pair.0), let right = value(pair.1) else { return nil }
        return (left, right)
    }

    private mutating func conditions(_ node: YAMLNode, _ what: String) -> [Condition]? {
        guard let elements = list(node, what) else { return nil }
        let conditions = elements.compactMap { condition($0) }
        return conditions.count == elements.count ? conditions : nil
    }

    /// `found.lines`, or `"{{found.lines}}"`.
    private mutating func path(_ node: YAMLNode) -> ValuePath? {
        guard let text = text(node, "'present'") else { return nil }
        if text.contains("{{"), let template = template(of: text, at: node.mark) {
            if let sole = template.soleExpression, sole.filters.isEmpty { return sole.path }
        } else if let path = ValuePath(text) {
            use(path.root, at: node.mark, isOptional: true)
            return path
        }
        return refuse("'present' takes the name of a value, as in found.lines", at: node.mark)
    }
}
