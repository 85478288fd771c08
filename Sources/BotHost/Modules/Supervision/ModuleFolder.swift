import FoundationEssentials
import Synchronization
import Transport

/// Where the modules of a host have their spool folders: in a store, or in a temporary folder that is made when the first module needs it.
final class ModuleFolder: Sendable {
    private let stored: String?
    private let temporary = Mutex<ScratchFolder?>(nil)

    /// - Parameter stored: In a store, which only this process has; nil for a temporary folder.
    init(_ stored: String?) {
        self.stored = stored
    }

    func path() throws(ModuleFailure) -> String {
        if let stored { return stored }
        do throws(FileProblem) {
            return try temporary.withLock { (temporary) throws(FileProblem) in
                if let temporary { return temporary.path }
                let folder = try ScratchFolder(for: "modules")
                temporary = folder
                return folder.path
            }
        } catch {
            throw .notRunning("its spool folder cannot be made: \(error)")
        }
    }

    /// Removes what hosts that were killed have left in a store. May block.
    func clearLeftovers() {
        guard let stored, let folder = OpenFolder(stored) else { return }
        for name in folder.names { folder.removeTree(name) }
    }

    /// Removes the temporary folder, if there is one.
    func remove() {
        temporary.withLock { $0.take() }?.remove()
    }
}
