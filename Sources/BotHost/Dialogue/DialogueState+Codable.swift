import ActionKit

// What is empty is not written. Values are written as JSON text inside the JSON, because a foreign coder would turn 19.90 into 19.9.

extension DialogueState: Codable {
    private enum CodingKeys: String, CodingKey {
        case variables, facts, hasJoined, hasEnded, run, queue, silence, loopGuard, nextEffect
    }

    package init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        variables = try container.decodeValues(forKey: .variables)
        facts = try container.decode(DialogueFacts.self, forKey: .facts)
        hasJoined = try container.decodeIfPresent(Bool.self, forKey: .hasJoined) ?? false
        hasEnded = try container.decodeIfPresent(Bool.self, forKey: .hasEnded) ?? false
        run = try container.decodeIfPresent(Run.self, forKey: .run)
        queue = try container.decodeIfPresent([ChatItem].self, forKey: .queue) ?? []
        silence = try container.decodeIfPresent(Silence.self, forKey: .silence)
        loopGuard = try container.decodeIfPresent(LoopGuard.self, forKey: .loopGuard)
        nextEffect = try container.decode(EffectID.self, forKey: .nextEffect)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(values: variables, forKey: .variables)
        try container.encode(facts, forKey: .facts)
        if hasJoined { try container.encode(true, forKey: .hasJoined) }
        if hasEnded { try container.encode(true, forKey: .hasEnded) }
        try container.encodeIfPresent(run, forKey: .run)
        if !queue.isEmpty { try container.encode(queue, forKey: .queue) }
        try container.encodeIfPresent(silence, forKey: .silence)
        try container.encodeIfPresent(loopGuard, forKey: .loopGuard)
        try container.encode(nextEffect, forKey: .nextEffect)
    }
}

extension Run: Codable {
    private enum CodingKeys: String, CodingKey {
        case frames, locals, match, item, waiting
    }

    init(from decoder: any Decoder) throws {
        let container = try decoder.container(keyedBy: CodingKeys.self)
        frames = try container.decode([Frame].self, forKey: .frames)
        locals = try container.decodeValues(forKey: .locals)
        match = try container.decodeIfPresent([String?].self, forKey: .match) ?? []
        item = try container.decodeIfPresent(ChatItem.self, forKey: .item)
        waiting = try container.decodeIfPresent(Waiting.self, forKey: .waiting)
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.container(keyedBy: CodingKeys.self)
        try container.encode(frames, forKey: .frames)
        try container.encode(values: locals, forKey: .locals)
        if !match.isEmpty { try container.encode(match, forKey: .match) }
        try container.encodeIfPresent(item, forKey: .item)
        try container.encodeIfPresent(waiting, forKey: .waiting)
    }
}

extension Run.Loop: Codable {
    init(from decoder: any Decoder) throws {
        elements = try JSON(parsing: decoder.singleValueContainer().decode(String.self)).arrayValue ?? []
    }

    func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(JSON.array(elements).serialized())
    }
}

extension KeyedEncodingContainer {
    fileprivate mutating func encode(values: [String: JSON], forKey key: Key) throws {
        if !values.isEmpty { try encode(JSON.object(values).serialized(), forKey: key) }
    }
}

extension KeyedDecodingContainer {
    fileprivate func decodeValues(forKey key: Key) throws -> [String: JSON] {
        guard let text = try decodeIfPresent(String.self, forKey: key) else { return [:] }
        return try JSON(parsing: text).objectValue ?? [:]
    }
}
