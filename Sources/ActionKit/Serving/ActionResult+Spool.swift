import Dispatch
import FoundationEssentials

extension ActionResult {
    /// The result with every file where the caller can take it: small ones inside of the result, the others in the spool folder.
    ///
    /// - Parameter spool: `nil` for a caller that gives no folder: files then stay as they are.
    func settled(in spool: String?) async throws(ActionError) -> ActionResult {
        guard case .done(let value, let files) = self, let spool, files.contains(where: { !$0.isSettled(in: spool) }) else { return self }
        var settled: [GeneratedFile] = []
        for file in files { settled.append(file.isSettled(in: spool) ? file : try await file.moved(to: spool)) }
        return .done(value: value, files: settled)
    }
}

extension GeneratedFile {
    fileprivate func isSettled(in spool: String) -> Bool {
        switch content {
        case .bytes(let bytes): bytes.count <= MCP.largestInlineFile
        case .path(let path): path.hasPrefix(spool.hasSuffix("/") ? spool : spool + "/")
        }
    }

    /// Writes or copies the file, on a thread that may block.
    fileprivate func moved(to spool: String) async throws(ActionError) -> GeneratedFile {
        let path = "\(spool)/\(UUID().uuidString)"
        do {
            try await withCheckedThrowingContinuation { (continuation: CheckedContinuation<Void, any Error>) in
                DispatchQueue.global().async {
                    continuation.resume(with: Result { try write(to: path) })
                }
            }
        } catch {
            throw ActionError("the file \(JSON.string(name)) could not be put into the spool folder \(spool): \(error)")
        }
        return GeneratedFile(name: name, contentType: contentType, content: .path(path))
    }

    private func write(to path: String) throws {
        switch content {
        case .bytes(let bytes): try Data(bytes).write(to: URL(filePath: path), options: .withoutOverwriting)
        case .path(let source): try FileManager.default.copyItem(atPath: source, toPath: path)
        }
    }
}
