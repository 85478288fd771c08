import FoundationEssentials

/// The records, the objects and the key: in a data directory, or for the life of the process.
final class Storage: Sendable {
    let key: ServiceKey
    let objects: ObjectStore
    let journal: Journal?
    /// Removed with this value.
    private let temporaryDirectory: String?

    init(_ choice: StorageChoice) throws {
        switch choice {
        case .memory:
            key = ServiceKey()
            journal = nil
            let directory = FileManager.default.temporaryDirectory.appending(path: "attache-local-\(UUID().uuidString)").path
            temporaryDirectory = directory
            objects = try ObjectStore(directory: directory, isDurable: false)
        case .directory:
            throw CocoaError(.featureUnsupported)
        }
    }

    deinit {
        if let temporaryDirectory { try? FileManager.default.removeItem(atPath: temporaryDirectory) }
    }

    func restore(_ state: ServiceState) throws -> ServiceState {
        state
    }
}
