import ConnectWire
import Transport

/// The records, the objects and the key: in a data directory, or for the life of the process.
final class Storage: Sendable {
    let key: ServiceKey
    let objects: ObjectStore
    let journal: Journal?
    private let database: RecordDatabase?
    /// What others may do with what is kept, and how that ends; nil where they may do nothing.
    let warning: String?
    /// Of objects without a data directory.
    private let temporary: ScratchFolder?

    init(_ choice: StorageChoice) throws {
        switch choice {
        case .memory:
            key = ServiceKey()
            warning = nil
            database = nil
            journal = nil
            let folder = try ScratchFolder(for: "local")
            temporary = folder
            objects = try ObjectStore(directory: folder.path + "/objects", isDurable: false)
        case .directory(let path):
            let directory = try DataDirectory(path: path)
            warning = directory.warning
            let database = try RecordDatabase(in: directory)
            self.database = database
            journal = Journal(store: database)
            key = try directory.serviceKey()
            temporary = nil
            objects = try ObjectStore(directory: "\(path)/objects", isDurable: true)
        }
    }

    /// Removes what is not to outlive the service.
    func close() {
        temporary?.remove()
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
