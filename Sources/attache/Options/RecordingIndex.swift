import ActionKit
import ConnectWire
import Foundation
import Transport

/// Which contacts the recordings of this user's REPLs are of, so that they can be erased with a contact. A JSON object a line.
struct RecordingIndex: Sendable {
    let path: String

    /// In the user's state folder.
    init(path: String = UserFolders.state + "/recordings.jsonl") {
        self.path = path
    }

    private struct Entry {
        var contact: String
        var recording: String

        init(_ contact: ContactID, _ recording: String) {
            self.contact = contact.rawValue
            self.recording = recording
        }

        /// Nil for a line that is none, cut short for example.
        init?(line: Substring) {
            guard let json = try? JSON(parsing: String(line)), let contact = json["contact"]?.stringValue,
                let recording = json["recording"]?.stringValue
            else { return nil }
            (self.contact, self.recording) = (contact, recording)
        }

        var line: String { JSON.object(["contact": .string(contact), "recording": .string(recording)]).serialized() + "\n" }
    }

    /// Notes that a recording has something of a contact.
    func add(_ contact: ContactID, _ recording: String) throws {
        // What others may do in the state folder, whoever opens the store there says.
        _ = try PrivateFolder.prepare(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        let entry = Entry(contact, URL(fileURLWithPath: recording).path)
        try PrivateFile.append(Array(entry.line.utf8), to: path, makesOne: true)
    }

    /// Removes a contact's recordings, with whatever else they hold.
    /// - Returns: Their paths; those that are gone already are left out.
    func erase(_ contact: ContactID) throws -> [String] {
        guard let text = FileManager.default.contents(atPath: path).map({ String(decoding: $0, as: UTF8.self) }) else { return [] }
        let entries = text.split(separator: "\n").compactMap(Entry.init(line:))
        let recordings = Set(entries.filter { $0.contact == contact.rawValue }.map(\.recording))
        guard !recordings.isEmpty else { return [] }
        let removed = recordings.filter(FileManager.default.fileExists(atPath:)).sorted()
        for recording in removed { try FileManager.default.removeItem(atPath: recording) }
        let left = entries.filter { !recordings.contains($0.recording) }.map(\.line).joined()
        try PrivateFile.replace(path, with: Array(left.utf8))
        return removed
    }
}
