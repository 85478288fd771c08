import ConnectWire
import FoundationEssentials

/// The records, the objects and the key: in a data directory, or for the life of the process.
final class Storage: Sendable {
    let key: ServiceKey
    let objects: ObjectStore
    let journal: Journal?
    private let database: RecordDatabase?
    /// Removed with this value.
    private let temporaryDirectory: String?

    init(_ choice: StorageChoice) throws {
        switch choice {
        case .memory:
            key = ServiceKey()
            database = nil
            journal = nil
            let directory = FileManager.default.temporaryDirectory.appending(path: "attache-local-\(UUID().uuidString)").path
            temporaryDirectory = directory
            objects = try ObjectStore(directory: directory, isDurable: false)
        case .directory(let path):
            let directory = try DataDirectory(path: path)
            let database = try RecordDatabase(in: directory)
            self.database = database
            journal = Journal(store: database)
            key = try directory.serviceKey()
            temporaryDirectory = nil
            objects = try ObjectStore(directory: "\(path)/objects", isDurable: true)
        }
    }

    deinit {
        if let temporaryDirectory { try? FileManager.default.removeItem(atPath: temporaryDirectory) }
    }

    /// Fills a new state with what was kept.
    /// - Parameter damaged: Told of what cannot be read; the rest goes on without it.
    func restore(_ state: ServiceState, at now: Timestamp, damaged: (String) -> Void) throws -> ServiceState {
        var state = state
        try database?.forEachRecord(damaged: damaged) { state.restore($0) }
        objects.removeAll(but: Set(state.attachments.values.compactMap(\.object)))
        state.resume(at: now)
        return state
    }
}
