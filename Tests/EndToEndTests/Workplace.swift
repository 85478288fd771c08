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

    /// Writes a file, and gives its path.
    func file(_ name: String, _ text: String) throws -> String {
        try Data(text.utf8).write(to: URL(fileURLWithPath: path + "/" + name))
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

/// A port that was free a moment ago.
func freePort() throws -> Int {
    let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
    defer { close(descriptor) }
    var address = sockaddr_in()
    address.sin_family = sa_family_t(AF_INET)
    address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
    var length = socklen_t(MemoryLayout<sockaddr_in>.size)
    let result = withUnsafeMutablePointer(to: &address) { pointer in
        pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { pointer in
            bind(descriptor, pointer, length) == 0 && getsockname(descriptor, pointer, &length) == 0
        }
    }
    guard result else { throw Unexpected("no free port: \(errno)") }
    return Int(UInt16(bigEndian: address.sin_port))
}
