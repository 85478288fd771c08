import ConnectWire
import FoundationEssentials
import Glibc
import NIOCore
import NIOPosix

/// The uploaded files, each under its attachment's id. An object is there whole or not at all.
struct ObjectStore: Sendable {
    /// Absolute, with `incoming` in it for files that are not whole yet.
    let directory: String
    /// Whether an object must survive a crash of the machine.
    let isDurable: Bool
    /// Files are read and written here, never on a thread that runs tasks.
    let threads: NIOThreadPool

    init(directory: String, isDurable: Bool, threads: NIOThreadPool = .singleton) throws {
        self.directory = directory
        self.isDurable = isDurable
        self.threads = threads
        try? FileManager.default.removeItem(atPath: "\(directory)/incoming")
        try FileManager.default.createDirectory(
            atPath: "\(directory)/incoming",
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
    }

    func path(of id: AttachmentID) -> String { "\(directory)/\(id.rawValue)" }

    /// Streams a body into a file beside, and puts it in its place when it is whole.
    /// - Throws: ``ObjectFault/incompleteBody`` for fewer or more bytes than announced.
    func receive(
        _ body: any AsyncSequence<ByteBuffer, any Error> & Sendable,
        size: Int64,
        as id: AttachmentID
    ) async throws {
        let temporary = "\(directory)/incoming/\(UUID().uuidString)"
        let file = try await threads.runIfActive { try IncomingFile(path: temporary) }
        do {
            for try await chunk in body {
                try await threads.runIfActive { try file.append(chunk, limit: size) }
            }
            try await threads.runIfActive { try file.finish(size: size, isDurable: isDurable, as: path(of: id)) }
        } catch {
            try await threads.runIfActive { file.discard() }
            throw error
        }
    }
}
