import FoundationEssentials

/// A text frame from the service. The shapes are those that the official clients accept (reference 1.4).
package enum ServerFrame: Hashable, Sendable {
    case subscription(succeeded: Bool, topics: [String])
    case heartbeat
    /// The answer to a deep heartbeat.
    case ping(healthy: Bool)
    case item(Item)
    /// An error of the gateway before the service; it has no topic.
    case gatewayError(message: String)
    /// A topic that this program does not know.
    case unknown(topic: String)
}

extension ServerFrame {
    /// - Throws: ``MalformedFrame`` for anything but a JSON object with a topic or a message, and for an item without its id, time or type.
    package init(parsing text: String) throws(MalformedFrame) {
        let envelope: Envelope
        do {
            envelope = try WireJSON.decode(Envelope.self, from: text.utf8)
        } catch {
            throw MalformedFrame(problem: "the frame is not a JSON object of the known shape", cause: error)
        }
        switch envelope.topic {
        case Topic.subscribe:
            self = .subscription(succeeded: envelope.subscription?.status == "success", topics: envelope.subscription?.topics ?? [])
        case Topic.heartbeat:
            self = .heartbeat
        case Topic.ping:
            self = .ping(healthy: envelope.statusCode == 200)
        case Topic.chat:
            guard let content = envelope.text else {
                throw MalformedFrame(problem: "the content of a chat frame is not a string", cause: nil)
            }
            do {
                self = .item(try WireJSON.decode(Item.self, from: content.utf8))
            } catch {
                throw MalformedFrame(problem: "the item in a chat frame cannot be read", cause: error)
            }
        case let topic?:
            self = .unknown(topic: topic)
        case nil:
            guard let message = envelope.message else {
                throw MalformedFrame(problem: "the frame has neither a topic nor a message", cause: nil)
            }
            self = .gatewayError(message: message)
        }
    }

    package func text() throws -> String {
        var envelope = Envelope()
        switch self {
        case .subscription(let succeeded, let topics):
            envelope.topic = Topic.subscribe
            envelope.subscription = .init(status: succeeded ? "success" : "failure", topics: topics)
        case .heartbeat:
            envelope.topic = Topic.heartbeat
        case .ping(let healthy):
            envelope.topic = Topic.ping
            // The mobile clients want the number and the text.
            envelope.statusCode = healthy ? 200 : 500
            envelope.statusContent = healthy ? "OK" : "Error"
        case .item(let item):
            envelope.topic = Topic.chat
            envelope.contentType = ContentType.json.rawValue
            envelope.text = try item.json()
        case .gatewayError(let message):
            envelope.message = message
        case .unknown(let topic):
            envelope.topic = topic
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(envelope), as: UTF8.self)
    }

    /// `content` is an object in the answer to a subscription, and a string of JSON in a chat frame.
    private struct Envelope: Codable {
        var topic: String?
        var contentType: String?
        var text: String?
        var subscription: Subscription?
        var statusCode: Int?
        var statusContent: String?
        var message: String?

        struct Subscription: Codable {
            var status: String?
            var topics: [String]?
        }

        enum CodingKeys: String, CodingKey {
            case topic, contentType, content, statusCode, statusContent, message
        }

        init() {}

        init(from decoder: any Decoder) throws {
            let container = try decoder.container(keyedBy: CodingKeys.self)
            topic = try container.decodeIfPresent(String.self, forKey: .topic)
            message = try? container.decodeIfPresent(String.self, forKey: .message)
            switch topic {
            case Topic.chat: text = try? container.decodeIfPresent(String.self, forKey: .content)
            case Topic.subscribe: subscription = try? container.decodeIfPresent(Subscription.self, forKey: .content)
            case Topic.ping: statusCode = try? container.decodeIfPresent(Int.self, forKey: .statusCode)
            default: break
            }
        }

        func encode(to encoder: any Encoder) throws {
            var container = encoder.container(keyedBy: CodingKeys.self)
            try container.encodeIfPresent(text, forKey: .content)
            try container.encodeIfPresent(subscription, forKey: .content)
            try container.encodeIfPresent(contentType, forKey: .contentType)
            try container.encodeIfPresent(topic, forKey: .topic)
            try container.encodeIfPresent(statusCode, forKey: .statusCode)
            try container.encodeIfPresent(statusContent, forKey: .statusContent)
            try container.encodeIfPresent(message, forKey: .message)
        }
    }
}

extension Item {
    /// The item as JSON text: what a chat frame's `content` and an SNS notification's `Message` hold.
    package func json() throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return String(decoding: try encoder.encode(self), as: UTF8.self)
    }
}

/// The topics of frames in both directions.
package enum Topic {
    package static let subscribe = "aws/subscribe"
    package static let heartbeat = "aws/heartbeat"
    package static let ping = "aws/ping"
    package static let chat = "aws/chat"
}

/// A frame that cannot be read. It holds no content, which may be private.
package struct MalformedFrame: Error, Sendable, CustomStringConvertible {
    package var problem: String
    package var cause: (any Error)?

    package var description: String { problem }
}
