import ConnectWire
package import FoundationEssentials
import Participant

/// Does what an operator asks of a store, whether a host runs on it or not.
package struct StoreKeeper: Sendable {
    private let store: Store
    private let running: RunningSessions?
    private let now: @Sendable () -> Date

    /// - Parameter running: The sessions of the host that has the store; nil where none runs.
    package init(_ store: Store, running: RunningSessions? = nil, now: @escaping @Sendable () -> Date) {
        self.store = store
        self.running = running
        self.now = now
    }

    package func perform(_ request: ControlRequest) async -> ControlAnswer {
        do {
            switch request.action {
            case .retryUpload: return .done(try await retry(upload(request.id)))
            case .forgetUpload: return .done(try await forget(upload(request.id)))
            case .forgetSession: return .done(try await forget(sessions: [session(request.id)]))
            case .forgetContact: return .done(try await forget(sessions: sessions(of: ContactID(request.id))))
            }
        } catch {
            return .refused("\(error)")
        }
    }

    /// Why something is not done.
    private struct Refusal: Error, CustomStringConvertible {
        var description: String

        init(_ description: String) {
            self.description = description
        }
    }

    // MARK: What is meant

    private func upload(_ name: String) async throws -> UploadStory {
        try only(await StoreReader(store).uploads(named: name), "upload", name)
    }

    private func session(_ name: String) async throws -> SessionID {
        try only(await StoreReader(store).sessions(named: name), "session", name).id
    }

    private func only<Found>(_ found: [Found], _ kind: String, _ name: String) throws -> Found {
        guard let first = found.first else { throw Refusal("there is no \(kind) '\(name)'") }
        guard found.count == 1 else { throw Refusal("'\(name)' can mean \(found.count) \(kind)s; name one by its whole id") }
        return first
    }

    private func sessions(of contact: ContactID) async throws -> [SessionID] {
        let sessions = try await store.sessions(of: contact)
        guard !sessions.isEmpty else { throw Refusal("the store has nothing of the contact '\(contact)'") }
        return sessions
    }

    // MARK: Uploads

    private func retry(_ upload: UploadStory) async throws -> [String] {
        if upload.state == .approved { throw Refusal("'\(upload.file.name)' is in the chat already") }
        if let ending = upload.sessionEnding { throw Refusal("the session of '\(upload.file.name)' is over: \(ending)") }
        guard upload.state.isFinal else {
            throw Refusal("'\(upload.file.name)' is on its way (\(upload.state.rawValue)), and goes on by itself")
        }
        guard store.spool.contains(upload.file.sha256) else { throw Refusal("'\(upload.file.name)' is no longer in the spool") }
        try await store.retry(upload: upload.id, at: now())
        await running?.reload(upload.session)
        return ["'\(upload.file.name)' will be sent again\(running == nil ? ", as soon as a host runs" : "")"]
    }

    private func forget(_ upload: UploadStory) async throws -> [String] {
        guard upload.state.isFinal || upload.sessionEnding != nil else {
            throw Refusal("'\(upload.file.name)' is on its way (\(upload.state.rawValue)); forget its session, or wait")
        }
        return try await store.forget(upload: upload.id).inWords
    }

    // MARK: Sessions

    private func forget(sessions: [SessionID]) async throws -> [String] {
        let erasure = try await store.forget(sessions)
        for session in sessions { await running?.reload(session) }
        return erasure.inWords
    }
}

extension Erasure {
    fileprivate var inWords: [String] {
        var lines = sessions.map { "removed the session \($0): its dialogue, its outbox and its tokens" }
        lines.append("removed \(uploads.counted("upload")) and \(files.count.counted("file"))")
        if sharedFiles > 0 { lines.append("kept \(sharedFiles.counted("file")) that other sessions have, too") }
        if !isLogEmptied {
            lines.append(
                "the write-ahead log still holds what was removed: another program reads the database, or the disk is full; try again"
            )
        }
        return lines
    }
}

extension Int {
    fileprivate func counted(_ noun: String) -> String { "\(self) \(noun)\(self == 1 ? "" : "s")" }
}
