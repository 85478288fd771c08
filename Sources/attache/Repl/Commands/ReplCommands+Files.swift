import ActionKit
import BotHost
import ConnectWire
import Foundation
import Participant
import Transport

// Files and transcripts.
extension ReplCommands {
    func transcript(_ format: TranscriptFormat, _ path: String?) async throws {
        let person = try cast.speaker
        let bytes: [UInt8]
        switch format {
        case .json:
            let items = try await person.transcript()
            bytes = Array(JSON.array(items.map(EventJSON.json)).serialized().utf8)
        case .txt, .csv:
            let result = try await call("documents.transcript", ["format": .string(format.rawValue)], as: person)
            guard case .done(_, let files) = result, let file = files.first else {
                throw Problem("the action documents.transcript made no file")
            }
            bytes = try file.bytes()
        }
        guard let path else {
            let text = String(decoding: bytes, as: UTF8.self)
            let lines = text.split(separator: "\n", omittingEmptySubsequences: false).map {
                $0.hasSuffix("\r") ? String($0.dropLast()) : String($0)
            }
            show(.answer(Answer(command: "transcript", lines: lines.last == "" ? lines.dropLast() : lines, value: .string(text))))
            return
        }
        try write(bytes, to: path)
        show(.notice("the transcript is in \(path), \(UploadText.size(Int64(bytes.count)))"))
    }

    func save(_ reference: String, _ path: String?) async throws {
        let entry = try ledger.find(reference) { !($0.attachments ?? []).isEmpty }
        let files = entry.item.attachments ?? []
        guard let file = files.first(where: { $0.attachmentName == reference }) ?? files.first else {
            throw Problem("#\(entry.number) has no file")
        }
        guard let person = cast.people.first(where: { $0.name == entry.session }) else { throw Problem("that chat is no longer open") }
        let name = (file.attachmentName ?? "attachment").split(separator: "/").last.map(String.init) ?? "attachment"
        let target = Self.target(of: path, name: name)
        if path == nil, FileManager.default.fileExists(atPath: target) {
            throw Problem("there is a file '\(target)' already; name a path to write it there: \\save \(reference) PATH")
        }
        let bytes = try await person.download(file)
        try write(bytes, to: target)
        show(.notice("\(name) is in \(target), \(UploadText.size(Int64(bytes.count)))"))
    }

    private static func target(of path: String?, name: String) -> String {
        guard let path else { return name }
        var isFolder: ObjCBool = false
        let exists = FileManager.default.fileExists(atPath: path, isDirectory: &isFolder)
        return exists && isFolder.boolValue ? (path.hasSuffix("/") ? path + name : "\(path)/\(name)") : path
    }

    private func write(_ bytes: [UInt8], to path: String) throws {
        do throws(FileProblem) {
            try PrivateFile.replace(path, with: bytes)
        } catch {
            throw Problem("\(error)")
        }
    }

    var uploads: Answer {
        let rows = cast.people.flatMap { person in
            person.files.map { ShownUpload($0.upload, sentBytes: $0.upload.file.size, session: person.name) }
        }
        return Answer(
            command: "uploads",
            lines: rows.isEmpty
                ? ["no file was sent yet; \\attach FILE sends one"] : rows.map { "  \($0.session): \(UploadText($0).text)" },
            value: .array(
                rows.map { upload in
                    [
                        "session": .string(upload.session), "file": .string(upload.name), "state": .string(upload.state),
                        "size": .number(JSONNumber(Int(upload.size))), "reason": upload.reason.map(JSON.string) ?? .null,
                    ]
                }
            )
        )
    }
}
