package import ActionKit

extension BotLanguage {
    /// The bot file as JSON Schema 2020-12, for editors.
    ///
    /// - Parameter actions: What steps may call, by full name. Of modules that a file names itself, any action is accepted.
    package static func schema(actions: [String: Action]) -> JSON {
        [
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "title": "A bot file of attache",
            "$ref": "#/$defs/bot",
            "$defs": [
                "bot": object(head),
                "text": ["type": ["string", "number", "boolean"]],
                "duration": ["type": "string", "pattern": "^[0-9]+(ms|s|m|h)$"],
                "template": ["type": "string", "pattern": "\\{\\{"],
                "trigger": trigger,
                "behaviour": ["anyOf": .array(behaviours)],
                "condition": condition,
                "steps": ["type": "array", "items": reference("step")],
                "step": ["anyOf": .array(stepSchemas(actions))],
            ],
        ]
    }

    private static func reference(_ name: String) -> JSON {
        ["$ref": .string("#/$defs/\(name)")]
    }

    // MARK: Behaviours

    private static var trigger: JSON {
        let (plain, timed) = (triggers.filter(\.isBare), triggers.filter { !$0.isBare })
        return anyOf([names(of: plain)] + timed.map { object([$0], required: [$0.name]) })
    }

    private static var behaviours: [JSON] {
        triggers.map { trigger in
            let when: JSON = trigger.isBare ? ["const": .string(trigger.name)] : object([trigger], required: [trigger.name])
            return behaviour(when: when, trigger.companions)
        } + [behaviour(when: nil, [])]
    }

    private static func behaviour(when: JSON?, _ filters: [Word]) -> JSON {
        var members = properties(filters)
        members["name"] = described(reference("text"), "what 'run' calls it")
        members["when"] = when
        members["do"] = reference("steps")
        return closed(members, required: [when == nil ? "name" : "when", "do"])
    }

    private static var condition: JSON {
        anyOf([reference("template")] + conditions.map { object([$0], required: [$0.name]) })
    }

    // MARK: Steps

    private static func stepSchemas(_ actions: [String: Action]) -> [JSON] {
        var bare = steps.filter(\.isBare).map { JSON.string($0.name) }
        var schemas = steps.map { step($0.name, schema(of: $0.form), $0.summary, $0.companions) }
        let calls = actions.map { ($0, $1) } + shortNames.compactMap { name, full in actions[full].map { (name, $0) } }
        for (name, action) in calls.sorted(by: { $0.0 < $1.0 }) {
            let needsNothing = !action.parameters.properties.contains(where: \.isRequired)
            if needsNothing { bare.append(.string(name)) }
            schemas.append(step(name, action.parameters.withTemplates, action.description, []))
        }
        return [["enum": .array(bare)]] + schemas + otherModules(actions)
    }

    private static func step(_ name: String, _ parameters: JSON, _ summary: String, _ companions: [Word]) -> JSON {
        var members = properties(companions + modifiers)
        members[name] = described(parameters, summary)
        return closed(members, required: [name] + companions.filter(\.isRequired).names)
    }

    /// Their actions are known to the host, not to an editor.
    private static func otherModules(_ actions: [String: Action]) -> [JSON] {
        let known = Set(actions.keys.compactMap { $0.split(separator: ".").first.map(String.init) }).sorted().joined(separator: "|")
        let pattern = "^(?!(\(known))\\.)[A-Za-z0-9_-]+\\..+$"
        let call: JSON = ["type": ["object", "null"]]
        return [
            ["type": "string", "pattern": .string(pattern)],
            [
                "type": "object", "properties": .object(properties(modifiers)), "patternProperties": .object([pattern: call]),
                "additionalProperties": false,
            ],
        ]
    }

    // MARK: Forms

    private static func schema(of form: Form) -> JSON {
        switch form {
        case .nothing: ["type": "null"]
        case .text, .pattern: reference("text")
        case .duration: reference("duration")
        case .count(let limit): ["type": "integer", "minimum": 0, "maximum": .number(JSONNumber(limit))]
        case .choice(let names): ["enum": .array(names.map(JSON.string))]
        case .value: [:]
        case .values: ["type": ["object", "null"]]
        case .list(let element): ["type": "array", "items": schema(of: element)]
        case .keys(let words): object(words)
        case .named(let element): ["type": ["object", "null"], "additionalProperties": schema(of: element)]
        case .either(let forms): anyOf(forms.map(schema))
        case .condition: reference("condition")
        case .trigger: reference("trigger")
        case .behaviour: reference("behaviour")
        case .steps: reference("steps")
        }
    }

    private static func object(_ words: [Word], required: [String] = []) -> JSON {
        closed(properties(words), required: required + words.filter(\.isRequired).names)
    }

    private static func properties(_ words: [Word]) -> [String: JSON] {
        Dictionary(words.map { ($0.name, described(schema(of: $0.form), $0.summary)) }) { first, _ in first }
    }

    private static func closed(_ properties: [String: JSON], required: [String]) -> JSON {
        var members: [String: JSON] = ["type": "object", "properties": .object(properties), "additionalProperties": false]
        if !required.isEmpty { members["required"] = .array(required.map(JSON.string)) }
        return .object(members)
    }

    private static func described(_ schema: JSON, _ summary: String) -> JSON {
        .object((schema.objectValue ?? [:]).merging(["description": .string(summary)]) { own, _ in own })
    }

    private static func anyOf(_ schemas: [JSON]) -> JSON { ["anyOf": .array(schemas)] }

    private static func names(of words: [Word]) -> JSON { ["enum": .array(words.names.map(JSON.string))] }
}

extension Word {
    fileprivate var isBare: Bool {
        if case .nothing = form { true } else { false }
    }
}

extension Schema {
    /// As JSON Schema, with a template allowed wherever it may become the value.
    fileprivate var withTemplates: JSON {
        let template: JSON = ["$ref": "#/$defs/template"]
        var schema = json.objectValue ?? [:]
        switch kind {
        case .object(let properties, _):
            schema["properties"] = .object(Dictionary(properties.map { ($0.name, $0.schema.withTemplates) }) { first, _ in first })
            return .object(schema)
        case .array(let element):
            schema["items"] = element.withTemplates
        case .anyOf(let choices):
            schema["anyOf"] = .array(choices.map(\.withTemplates))
        case .string where allowed == nil:
            schema["type"] = ["string", "number", "boolean"]
            return .object(schema)
        case .any: return .object(schema)
        default: break
        }
        return ["anyOf": [.object(schema), template]]
    }
}
