import ActionKit
import Foundation
import Synchronization

/// Files that actions made in this REPL, for `\attach`. They are gone when it ends.
final class MadeFiles: Sendable {
    private let folder = NSTemporaryDirectory() + "/attache-made-" + UUID().uuidString.lowercased()
    private let paths = Mutex<[String: String]>([:])

    deinit {
        try? FileManager.default.removeItem(atPath: folder)
    }

    var names: [String] { paths.withLock { $0.keys.sorted() } }

    /// - Returns: Its bytes.
    func keep(_ file: GeneratedFile) throws -> Int64 {
        let name = file.name.split(separator: "/").last.map(String.init) ?? "file"
        let place = "\(folder)/\(UUID().uuidString.lowercased())"
        try FileManager.default.createDirectory(
            atPath: place,
            withIntermediateDirectories: true,
            attributes: [.posixPermissions: 0o700]
        )
        let bytes = try file.content.bytes
        try Data(bytes).write(to: URL(fileURLWithPath: "\(place)/\(name)"))
        paths.withLock { $0[name] = "\(place)/\(name)" }
        return Int64(bytes.count)
    }

    /// Nil where no action made such a file.
    func path(of name: String) -> String? {
        paths.withLock { $0[name] }
    }
}
