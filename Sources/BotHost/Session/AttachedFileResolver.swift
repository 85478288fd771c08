import ConnectWire
import Foundation
import Participant

/// Finds the file that an `attach` step means, and sees to it that it is in the spool before the turn is stored.
///
/// A bot may send what its own steps made in this session, and what is in its own folder; nothing else of the machine.
struct AttachedFileResolver {
    private let session: Session
    private let made: [UploadFile]

    /// - Parameter made: Files of the turn that is about to be stored.
    init(_ session: Session, made: [UploadFile]) {
        self.session = session
        self.made = made
    }

    /// - Throws: ``StepFailure`` when there is no such file or it may not be sent, ``StoreError`` when the spool fails.
    func resolve(_ file: AttachedFile) async throws -> UploadFile {
        switch file {
        case .handle(let json):
            guard let handle = UploadFile(handle: json) else {
                throw StepFailure(reason: "the value is not a file: it must come from an action that makes one", kind: .invalid)
            }
            var isOwn = made.contains { $0.sha256 == handle.sha256 }
            if !isOwn { isOwn = try await session.store.owns(session.record.id, file: handle.sha256) }
            guard isOwn else {
                throw StepFailure(reason: "the file '\(handle.name)' was not made in this session", kind: .invalid)
            }
            guard try await session.store.isSpooled(handle.sha256) else {
                throw StepFailure(reason: "the file '\(handle.name)' is no longer in the spool", kind: .failed)
            }
            return handle
        case .path(let path):
            return try await spool(path)
        }
    }

    private func spool(_ path: String) async throws -> UploadFile {
        let folder = URL(fileURLWithPath: session.bot.folder).resolvingSymlinksInPath().path
        // Links within the folder are followed here; what is put in their place from now on is not.
        let target = URL(fileURLWithPath: folder).appendingPathComponent(path).resolvingSymlinksInPath()
        guard target.path.hasPrefix(folder + "/") else {
            throw StepFailure(reason: "the file '\(path)' is not in the bot's folder", kind: .invalid)
        }
        let name = target.lastPathComponent
        let file = try open(path, at: String(target.path.dropFirst(folder.count + 1)), in: folder)
        let rules = AttachmentRules.documented
        guard let type = rules.contentType(forName: name) else {
            throw StepFailure(reason: "the service takes no files like '\(name)'", kind: .invalid)
        }
        // What the service would refuse need not fill the spool.
        if let violation = rules.check(name: name, contentType: type, size: file.size) {
            throw StepFailure(reason: "\(violation)", kind: .invalid)
        }
        let (size, sha256) = try await session.store.spool(file)
        return UploadFile(name: name, contentType: type, size: size, sha256: sha256)
    }

    private func open(_ path: String, at place: String, in folder: String) throws(StepFailure) -> OpenFile {
        do {
            return try OpenFile(beneath: folder, path: place)
        } catch {
            switch error {
            case .notThere, .noFile: throw StepFailure(reason: "there is no file '\(path)' in the bot's folder", kind: .invalid)
            case .unreadable: throw StepFailure(reason: "the file '\(path)' cannot be read", kind: .invalid)
            }
        }
    }
}
