import ActionKit

/// Values: of variables, of `set`, and of the parameters of actions.
extension BotReader {
    /// Stands for what a template will be, while the rest is checked.
    private static let unknownValue = JSON.string("\0{{}}")

    /// A value with templates in it. What is constant of it is no more than a value may be.
    mutating func value(_ node: YAMLNode, as schema: Schema = .any) -> ValueTemplate? {
        let value = parts(node, as: schema)
        do {
            try value?.constant?.checkLimits()
            return value
        } catch {
            return refuse(error.reason, at: node.mark)
        }
    }

    private mutating func parts(_ node: YAMLNode, as schema: Schema) -> ValueTemplate? {
        switch node.content {
        case .scalar(let text, _):
            guard text.contains("{{") else { return .constant(scalar(node, as: schema)) }
            return template(of: text, at: node.mark).map { ValueTemplate($0) }
        case .sequence(let elements):
            let schema = schema.ofElements
            let values = elements.map { value($0, as: schema) }
            let complete = values.compactMap { $0 }
            guard complete.count == values.count else { return nil }
            let constants = complete.compactMap(\.constant)
            return constants.count == complete.count ? .constant(.array(constants)) : .array(complete)
        case .mapping(let entries):
            let values = entries.map { (key: $0.key, value: value($0.value, as: schema.ofMember($0.key))) }
            let complete = values.compactMap { member in member.value.map { (key: member.key, value: $0) } }
            guard complete.count == values.count else { return nil }
            let constants = complete.compactMap { member in member.value.constant.map { (member.key, $0) } }
            guard constants.count == complete.count else { return .object(complete) }
            return .constant(.object(Dictionary(constants) { _, last in last }))
        }
    }

    /// A value that is what it is from the start.
    mutating func constant(_ node: YAMLNode) -> JSON? {
        guard let value = value(node) else { return nil }
        return value.constant ?? refuse("a variable begins with a fixed value: '{{...}}' is for steps ('set' changes it)", at: node.mark)
    }

    /// What a scalar stands for: by the 1.2 core schema if that is accepted here, else the text. Numbers that JSON would write differently
    /// (01234, +49, 0x1F, .inf) are left as the text that they are.
    private func scalar(_ node: YAMLNode, as schema: Schema) -> JSON {
        guard case .scalar(let text, isPlain: true) = node.content else { return .string(node.text ?? "") }
        let value: JSON
        switch text {
        case _ where node.isNull: value = .null
        case "true", "True", "TRUE": value = true
        case "false", "False", "FALSE": value = false
        default: value = JSONNumber(exactly: text).map(JSON.number) ?? .string(text)
        }
        return !schema.validate(value).isEmpty && schema.validate(.string(text)).isEmpty ? .string(text) : value
    }

    /// Checks what is known of the parameters by the action's schema.
    mutating func check(_ parameters: ValueTemplate, _ schema: Schema, _ node: YAMLNode, of action: String, at mark: SourceMark) {
        let known = schema.coerce(parameters.known(unless: Self.unknownValue))
        for problem in schema.validate(known, unless: { $0 == Self.unknownValue }) {
            report("\(action): \(problem.inWords)", at: node.place(of: problem.path) ?? mark)
        }
    }
}

extension ValueTemplate {
    fileprivate func known(unless unknown: JSON) -> JSON {
        switch self {
        case .constant(let value): value
        case .text, .value: unknown
        case .array(let elements): .array(elements.map { $0.known(unless: unknown) })
        case .object(let members): .object(Dictionary(members.map { ($0.key, $0.value.known(unless: unknown)) }) { _, last in last })
        }
    }
}

extension YAMLNode {
    /// Where the value at the path is: its key, if it has one.
    fileprivate func place(of path: JSONPath) -> SourceMark? {
        var node = self
        var mark: SourceMark?
        for element in path.elements {
            switch element {
            case .key(let key):
                guard let entry = node.entries?.first(where: { $0.key == key }) else { return mark }
                (node, mark) = (entry.value, entry.keyMark)
            case .index(let index):
                guard let elements = node.elements, elements.indices.contains(index) else { return mark }
                (node, mark) = (elements[index], elements[index].mark)
            }
        }
        return mark
    }
}

extension SchemaProblem {
    /// With the path, unless the message names the thing already.
    fileprivate var inWords: String {
        if case .key(let name)? = path.elements.last, message.contains("'\(name)'"), path.elements.count == 1 { return message }
        return description
    }
}

extension Schema {
    fileprivate var ofElements: Schema {
        switch kind {
        case .array(let element): element
        case .anyOf(let choices): choices.lazy.map(\.ofElements).first { $0.kind != .any } ?? .any
        default: .any
        }
    }

    fileprivate func ofMember(_ name: String) -> Schema {
        switch kind {
        case .object(let properties, let additional): properties.first { $0.name == name }?.schema ?? additional ?? .any
        case .anyOf(let choices): choices.lazy.map { $0.ofMember(name) }.first { $0.kind != .any } ?? .any
        default: .any
        }
    }
}
