import ActionKit
import FoundationEssentials

extension Transcript {
    /// The transcript for people: a line for each entry, in the order of the service.
    func text(in timeZone: TimeZone) -> String {
        var lines = [title]
        if let contact { lines.append("Contact: \(PlainText.line(contact))") }
        lines.append("Written: \(timeZone.minute(of: date))")
        if !speakers.isEmpty { lines.append("Participants: \(speakers.joined(separator: ", "))") }
        lines.append("")
        lines += entries.flatMap { $0.lines(in: timeZone) }
        if entries.isEmpty { lines.append("Nothing has been said yet.") }
        return lines.joined(separator: "\n") + "\n"
    }

    /// Everybody who said or did something, in order of appearance.
    private var speakers: [String] {
        var seen: Set<String> = []
        return entries.filter { $0.displayName != nil }.compactMap(\.speaker).filter { seen.insert($0).inserted }
    }
}

extension TranscriptEntry {
    /// The time, who, and what. What follows a line break is indented, so that no message can look like an entry.
    fileprivate func lines(in timeZone: TimeZone) -> [String] {
        let time = timeZone.second(of: self.time)
        let margin = String(repeating: " ", count: time.count + 2)
        let words = PlainText.lines(self.words).map(PlainText.isolated)
        let lines = [time + "  " + opening + words[0]] + words.dropFirst().map { margin + $0 }
        return lines.map(\.withoutTrailingSpace) + attachments.map { margin + $0.line }
    }

    /// What stands before the words: "Ada (customer): " before a message, "* Ada (customer) " before what happened.
    private var opening: String {
        switch kind {
        case .message: (speaker ?? "unknown") + ": "
        case .event, .attachment, .other: "* " + (speaker.map { $0 + " " } ?? "")
        }
    }
}

extension TranscriptEntry.Attachment {
    fileprivate var line: String {
        let status = status.map { ", " + $0.lowercased().replacing("_", with: " ") } ?? ""
        return "\(PlainText.isolated(PlainText.line(name))) (\(PlainText.line(contentType + status)))"
    }
}

extension String {
    fileprivate var withoutTrailingSpace: String {
        var copy = self
        while copy.last == " " { copy.removeLast() }
        return copy
    }
}
