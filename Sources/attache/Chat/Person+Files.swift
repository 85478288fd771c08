import ConnectWire
import FoundationEssentials
import Participant
import Transport

extension Person {
    /// Tells how far a file is: its state, and how many of its bytes were sent.
    typealias UploadWatcher = @Sendable (Upload, _ sentBytes: Int64) -> Void

    /// Sends a file; done when the service has its verdict. A rejected file has arrived, too: the others see that it was.
    func attach(_ path: String, watcher: @escaping UploadWatcher = { _, _ in }) async throws {
        guard let size = try? FileManager.default.attributesOfItem(atPath: path)[.size] as? Int64 else {
            throw ScriptProblem("there is no file '\(path)'")
        }
        let name = String(path.split(separator: "/").last ?? "")
        guard let type = AttachmentRules.documented.contentType(forName: name) else {
            let endings = AttachmentRules.documented.contentTypes.keys.sorted().joined(separator: ", ")
            throw ScriptProblem("the service takes no files like '\(name)', but with these endings: \(endings)")
        }
        let file = UploadFile(name: name, contentType: type, size: size, sha256: "")
        try await send(SentFile(upload: Upload(id: UUID().uuidString.lowercased(), file: file), path: path), watcher)
    }

    /// Sends a file again that was not accepted: the one with that name, or the last one.
    func retry(_ name: String?, watcher: @escaping UploadWatcher = { _, _ in }) async throws {
        let failed = files.filter { $0.upload.state != .approved && (name == nil || $0.upload.file.name == name) }
        guard let last = failed.last else {
            throw ScriptProblem("there is no file\(name.map { " '\($0)'" } ?? "") that was not accepted; \\uploads lists them")
        }
        // Where it was interrupted it goes on; what has ended begins anew.
        let upload = last.upload.state.isFinal ? Upload(id: last.upload.id, file: last.upload.file) : last.upload
        try await send(SentFile(upload: upload, path: last.path), watcher)
    }

    private func send(_ file: SentFile, _ watcher: @escaping UploadWatcher) async throws {
        note(file)
        let progress = UploadProgress(file.upload, watcher)
        let uploader = Uploader(connection: connection, verdicts: verdicts, logger: logger)
        let ended = try await uploader.run(
            file.upload,
            path: file.path,
            progress: progress.sent
        ) { upload in
            self.note(SentFile(upload: upload, path: file.path))
            progress.moved(to: upload)
        }
        if ended.state == .failed { throw ScriptProblem("'\(ended.file.name)' was not sent: \(ended.reason ?? "no reason given")") }
    }

    /// All items, as the service has them.
    func transcript() async throws -> [Item] {
        try await TranscriptReader(connection).items(limit: .max)
    }

    /// The bytes of an attachment.
    func download(_ attachment: AttachmentItem) async throws -> [UInt8] {
        guard let id = attachment.attachmentID else { throw ScriptProblem("the attachment has no id") }
        let answer = try await connection.call(GetAttachmentRequest(attachmentID: id))
        guard let url = answer.url else { throw ScriptProblem("the service gave no URL for the attachment") }
        let limit = Int(AttachmentRules.documented.maximumSize)
        let response = try await connection.api.http.send(HTTPRequest("GET", url.exposed, responseLimit: limit))
        guard response.status == 200 else { throw ScriptProblem("the download was answered with \(response.status)") }
        return response.body
    }
}
