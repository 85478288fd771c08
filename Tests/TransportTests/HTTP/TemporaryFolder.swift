import Foundation

/// A folder that is gone with its last reference.
final class TemporaryFolder: Sendable {
    let path: String

    init() throws {
        path = FileManager.default.temporaryDirectory.appending(path: "transport-\(UUID().uuidString)").path()
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    /// A file whose byte at `index` is `index * 31`, modulo 256.
    func file(_ name: String, size: Int) throws -> String {
        let pattern = Data((0..<65_536).map { UInt8(truncatingIfNeeded: $0 &* 31) })
        var data = Data(capacity: size + pattern.count)
        while data.count < size { data += pattern }
        return try file(name, bytes: data.prefix(size))
    }

    func file(_ name: String, bytes: some Sequence<UInt8>) throws -> String {
        try Data(bytes).write(to: URL(filePath: "\(path)/\(name)"))
        return "\(path)/\(name)"
    }

    var names: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
    }
}
