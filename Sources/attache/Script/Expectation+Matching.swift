import BotHost
import ConnectWire

extension Expectation {
    /// Whether an item is what was expected; a file's bytes are looked at elsewhere.
    func fits(_ item: Item) -> Bool {
        switch self {
        case .text(let text): item.type == .message && (item.content ?? "").contains(text)
        case .pattern(let source): item.type == .message && Self.matches(source, item.content ?? "")
        case .file(let file): (item.attachments ?? []).contains { $0.attachmentName == file.name }
        case .event(let type): item.type == .event && item.contentType?.eventName == type
        case .typing: item.type == .event && item.contentType == .typing
        case .left: item.type == .event && item.contentType == .participantLeft
        case .joined: item.type == .event && item.contentType == .participantJoined
        case .choice(let title): item.type == .message && item.contentType == .interactive && (item.content ?? "").contains(title)
        }
    }

    private static func matches(_ source: String, _ text: String) -> Bool {
        guard let pattern = try? Pattern(source), let match = try? pattern.match(in: text) else { return false }
        return !match.captures.isEmpty
    }
}

extension Expectation: CustomStringConvertible {
    var description: String {
        switch self {
        case .text(let text): "\"\(text)\""
        case .pattern(let source): "/\(source)/"
        case .file(let file): "the file \(file.name)"
        case .event(let type): "the event \(type)"
        case .typing: "typing"
        case .left: "somebody to leave"
        case .joined: "somebody to join"
        case .choice(let title): "the choice \"\(title)\""
        }
    }
}
