import Logging
import Synchronization
import Transport

/// The native libraries that a process has open: each once, however many modules of bot files it serves.
///
/// The system loads a library once into a process, and a module in C may keep its host in a variable; a second host would get the answers to the
/// calls of the first.
package final class NativeLibraries: Sendable {
    private struct Use {
        let library: OpenLibrary
        var users: Int
    }

    private let uses = Mutex<[NativeLibrary.Handle: Use]>([:])

    package init() {}

    /// The caller owes a ``release(_:)``. May block.
    func open(_ library: NativeLibrary, time: any TimeSource, logger: Logger) throws(ModuleFailure) -> OpenLibrary {
        let entry = try library.load()
        return try uses.withLock { uses throws(ModuleFailure) in
            if let library = uses[entry.library]?.library {
                uses[entry.library]?.users += 1
                return library
            }
            let library = try OpenLibrary(entry, time: time, logger: logger)
            uses[entry.library] = Use(library: library, users: 1)
            return library
        }
    }

    /// Closes what nobody uses any more. May block.
    func release(_ library: OpenLibrary) {
        uses.withLock { uses in
            uses[library.id]?.users -= 1
            guard uses[library.id]?.users == 0 else { return }
            uses[library.id] = nil
            library.close()
        }
    }
}
