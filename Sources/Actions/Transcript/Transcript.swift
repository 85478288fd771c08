import ActionKit
import FoundationEssentials

/// A chat as it is written down.
struct Transcript {
    let title: String
    let contact: String?
    /// When it was written down.
    let date: Date
    let entries: [TranscriptEntry]
}

extension TranscriptEntry {
    /// Who it is from, as in "Ada (customer)"; `nil` if the service did not say.
    var speaker: String? {
        let role = role.map(Self.word(forRole:))
        guard let name = displayName.map(PlainText.line), !name.isEmpty else { return role }
        let shown = PlainText.isolated(name)
        return role.map { "\(shown) (\($0))" } ?? shown
    }

    private static func word(forRole role: String) -> String {
        role == "CUSTOM_BOT" ? "bot" : PlainText.line(role.lowercased())
    }

    /// What was said or what happened, in words.
    var words: String {
        switch kind {
        case .message: MessageWording.words(text ?? "", contentType: contentType)
        case .event: EventWording.words(for: contentType)
        case .attachment: "sent \(attachments.count == 1 ? "a file" : "\(attachments.count) files")"
        case .other(let name): [name.lowercased(), text].compactMap(\.self).joined(separator: ": ")
        }
    }
}
