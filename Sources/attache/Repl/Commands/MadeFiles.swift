import BotHost
import Foundation
import Synchronization
import Transport

/// Files that actions made in this REPL, for `\attach`. They are gone when it ends.
final class MadeFiles: Sendable {
    private struct State {
        /// Made with the first file.
        var folder: ScratchFolder?
        var paths: [String: String] = [:]
    }

    private let state = Mutex(State())

    var names: [String] { state.withLock { $0.paths.keys.sorted() } }

    /// - Returns: Its bytes.
    func keep(_ file: MadeFile) throws -> Int64 {
        let name = file.name.split(separator: "/").last.map(String.init) ?? "file"
        let bytes = try file.bytes()
        try state.withLock { state in
            let folder = try state.folder ?? ScratchFolder(for: "made")
            state.folder = folder
            let place = "\(folder.path)/\(UUID().uuidString.lowercased())"
            try PrivateFolder.own(place)
            try PrivateFile.create("\(place)/\(name)", bytes)
            state.paths[name] = "\(place)/\(name)"
        }
        return Int64(bytes.count)
    }

    /// Nil where no action made such a file.
    func path(of name: String) -> String? {
        state.withLock { $0.paths[name] }
    }

    func remove() {
        state.withLock { $0.folder.take() }?.remove()
    }
}
