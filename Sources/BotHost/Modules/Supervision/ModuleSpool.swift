import Foundation
import Glibc

/// The folder from which a module may send files. It is gone with the module.
struct ModuleSpool: Sendable {
    let path: String

    /// A file of more than this age is cleared away, once there is more than ``size`` in the folder.
    private static let age: TimeInterval = 600
    private static let size = 64 << 20

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

    /// Clears old files away where there are too many bytes.
    func sweep(now: Date) {
        let manager = FileManager.default
        let files = (manager.enumerator(atPath: path)?.allObjects as? [String] ?? []).compactMap { name in
            (try? manager.attributesOfItem(atPath: "\(path)/\(name)")).map { (name: name, attributes: $0) }
        }.filter { $0.attributes[.type] as? FileAttributeType == .typeRegular }
        guard files.reduce(0, { $0 + (($1.attributes[.size] as? NSNumber)?.intValue ?? 0) }) > Self.size else { return }
        for file in files where now.timeIntervalSince(file.attributes[.modificationDate] as? Date ?? now) > Self.age {
            try? manager.removeItem(atPath: "\(path)/\(file.name)")
        }
    }

    func remove() {
        try? FileManager.default.removeItem(atPath: path)
    }
}
