import Foundation
import Glibc

/// A folder with what a user of `attache` has: bot files, tokens, a store. It is gone when the test is.
final class Workplace: Sendable {
    let path = NSTemporaryDirectory() + "attache-e2e-" + UUID().uuidString

    init() throws {
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit {
        try? FileManager.default.removeItem(atPath: path)
    }

    var store: String { path + "/store" }

    /// Writes a file that only its owner may read, and gives its path.
    func file(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
        chmod(path + "/" + name, 0o600)
        return path + "/" + name
    }

    /// All bytes of all files in the store, with their names.
    func storedFiles() throws -> [(name: String, content: Data)] {
        try FileManager.default.subpathsOfDirectory(atPath: store).compactMap { name in
            FileManager.default.contents(atPath: store + "/" + name).map { (name, $0) }
        }
    }

    static let asking = """
        bot: asking
        behaviours:
          - when: joined
            do: [say: "Who are you?"]
          - when: message
            says: bye
            do: [leave]
          - when: message
            do:
              - ask: "{{message.text}}, and what do you want?"
                as: wish
              - say: "You want {{wish}}"
        """
}

/// A port that nobody has, for what must be known before it listens.
///
/// Below the range from which the system takes the ports of outgoing connections: one of those would be taken by another test at any moment.
func freePort() throws -> Int {
    for _ in 1...100 {
        let port = Int.random(in: 20_000..<32_000)
        if isFree(port) { return port }
    }
    throw Unexpected("no free port: \(errno)")
}

private func isFree(_ port: Int) -> Bool {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_port = UInt16(port).bigEndian
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    return withUnsafePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
            bind(descriptor, pointer, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
        }
    }
}
