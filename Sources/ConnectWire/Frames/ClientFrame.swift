import FoundationEssentials

/// A text frame from a participant.
package enum ClientFrame: Hashable, Sendable {
    case subscribe(topics: [String])
    case heartbeat
    /// The deep heartbeat, which asks whether the service behind the gateway lives.
    case ping
    case unknown(topic: String)
}

extension ClientFrame {
    /// Reads the first JSON value of the text and ignores what follows: the shipped iOS SDK sends a stray `)` after its subscription.
    package init(parsing text: String) throws(MalformedFrame) {
        guard let object = text.firstJSONObject else {
            throw MalformedFrame(problem: "the frame does not begin with a JSON object", cause: nil)
        }
        let envelope: Envelope
        do {
            envelope = try WireJSON.decode(Envelope.self, from: object)
        } catch {
            throw MalformedFrame(problem: "the frame is not a JSON object with a topic", cause: error)
        }
        switch envelope.topic {
        case Topic.subscribe: self = .subscribe(topics: envelope.content?.topics ?? [])
        case Topic.heartbeat: self = .heartbeat
        case Topic.ping: self = .ping
        default: self = .unknown(topic: envelope.topic)
        }
    }

    package var text: String {
        switch self {
        case .subscribe(let topics):
            let list = topics.map(\.jsonLiteral).joined(separator: ",")
            return #"{"topic":"\#(Topic.subscribe)","content":{"topics":[\#(list)]}}"#
        case .heartbeat: return #"{"topic":"\#(Topic.heartbeat)"}"#
        case .ping: return #"{"topic":"\#(Topic.ping)"}"#
        case .unknown(let topic): return #"{"topic":\#(topic.jsonLiteral)}"#
        }
    }

    private struct Envelope: Decodable {
        var topic: String
        var content: Content?

        struct Content: Decodable {
            var topics: [String]?
        }

        enum CodingKeys: CodingKey {
            case topic, content
        }

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            topic = try container.decode(String.self, forKey: .topic)
            content = try? container.decodeIfPresent(Content.self, forKey: .content)
        }
    }
}

extension String {
    fileprivate var jsonLiteral: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = .withoutEscapingSlashes
        // A text can always be encoded.
        return (try? encoder.encode(self)).map { String(decoding: $0, as: UTF8.self) } ?? "\"\""
    }

    /// The bytes from the first character to the brace that closes the object it begins with; nil where there is none.
    fileprivate var firstJSONObject: Substring.UTF8View? {
        var depth = 0
        var isInString = false
        var isEscaped = false
        let start = utf8.firstIndex { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } ?? endIndex
        guard start < endIndex, utf8[start] == UInt8(ascii: "{") else { return nil }
        for index in utf8[start...].indices {
            switch (utf8[index], isInString) {
            case _ where isEscaped: isEscaped = false
            case (UInt8(ascii: "\\"), true): isEscaped = true
            case (UInt8(ascii: "\""), _): isInString.toggle()
            case (UInt8(ascii: "{"), false): depth += 1
            case (UInt8(ascii: "}"), false):
                depth -= 1
                if depth == 0 { return utf8[start...index] }
            default: break
            }
        }
        return nil
    }
}
