import ConnectWire
import FoundationEssentials
import Glibc
import NIOCore
import NIOPosix
import Transport

/// The uploaded files. An object is there whole or not at all, and never changes.
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
        try PrivateFolder.own(directory)
        try PrivateFolder.own("\(directory)/incoming")
    }

    func path(of id: ObjectID) -> String { "\(directory)/\(id.rawValue)" }

    /// Streams a body into a new object, which appears when it is whole.
    /// - Throws: ``ObjectFault/incompleteBody`` for fewer or more bytes than announced, ``FileError`` where the disk refuses.
    func receive(_ body: any AsyncSequence<ByteBuffer, any Error> & Sendable, size: Int64) async throws -> ObjectID {
        let id = ObjectID(rawValue: UUID().uuidString.lowercased())
        let file = try await threads.runIfActive { try IncomingFile(path: "\(directory)/incoming/\(id.rawValue)") }
        for try await chunk in body {
            try await threads.runIfActive { try file.append(chunk, limit: size) }
        }
        try await threads.runIfActive { try file.finish(size: size, isDurable: isDurable, as: path(of: id)) }
        return id
    }

    func remove(_ id: ObjectID) async {
        try? await threads.runIfActive { try? FileManager.default.removeItem(atPath: path(of: id)) }
    }

    /// Removes what a crash left between an object and its record.
    func removeAll(but kept: Set<ObjectID>) {
        for name in (try? FileManager.default.contentsOfDirectory(atPath: directory)) ?? [] {
            if name != "incoming", !kept.contains(ObjectID(rawValue: name)) {
                try? FileManager.default.removeItem(atPath: "\(directory)/\(name)")
            }
        }
    }
}

/// One uploaded file. An attachment that is uploaded again gets another.
struct ObjectID: RawRepresentable, Hashable, Codable, Sendable {
    let rawValue: String
}
