import Foundation
import Glibc

/// The folder from which a module may send files. It is gone with the module.
///
/// The module does in there what it likes, also while this looks: so no link is followed, and nothing is opened but folders.
struct ModuleSpool: Sendable {
    let path: String
    /// Its own among all of this host's.
    var name: String { path.lastName }

    /// A file of more than this age is cleared away, once there is more than ``size`` in the folder.
    private static let age: TimeInterval = 600
    private static let size: Int64 = 64 << 20
    /// Folders within folders that are looked into; what is deeper goes with the module.
    private static let depth = 16

    /// - Parameter folder: Where all of this host's are.
    init(in folder: ModuleFolder) throws(ModuleFailure) {
        let folder = try folder.path()
        path = "\(folder)/\(getpid())-\(UUID().uuidString.lowercased())"
        do {
            try FileManager.default.createDirectory(
                atPath: path,
                withIntermediateDirectories: true,
                attributes: [.posixPermissions: 0o700]
            )
        } catch {
            throw .notRunning("its spool folder cannot be made: \(error.localizedDescription)")
        }
    }

    /// Clears old files away where there are too many bytes. May block.
    func sweep(now: Date) {
        guard let folder = OpenFolder(path) else { return }
        var size: Int64 = 0
        // What a file takes, and not what a hole in it pretends.
        folder.forEachFile(depth: Self.depth) { _, _, status in size += Int64(status.st_blocks) * 512 }
        guard size > Self.size else { return }
        folder.forEachFile(depth: Self.depth) { folder, name, status in
            let changed = Date(timeIntervalSince1970: TimeInterval(status.st_mtim.tv_sec))
            if now.timeIntervalSince(changed) > Self.age { folder.remove(name) }
        }
    }

    /// May block.
    func remove() {
        OpenFolder(path.parentFolder)?.removeTree(OpenFolder.Name(name.utf8CString))
    }
}
