import Foundation
import Testing

@testable import attache

@Suite("The history")
struct HistoryFileTests {
    private static let token = "QVFJREFIZ0RXdW5JTk9YVjRzQ1hwbHBwUkZkQUh6TFZBSE0"

    @Test(
        "Lines that may hold a secret, and those that are meant to be forgotten, are not kept",
        arguments: [
            ("hello", true), ("", false), (" hello", false), ("\\save 3 /tmp/a/very/long/path/that/is/no/secret/1/A/b.txt", true),
            ("\\raw SendMessage {\"Content\": \"\(token)\"}", false), (token, false),
            ("\\why 0a1b2c3d-1111-2222-3333-444455556666", true),
            ("https://bucket/key?X-Amz-Signature=0123456789abcdefABCDEF0123456789abcdef0123456789", false),
            ("my password=hunter2", false), ("db/password=hunter2", false), ("PASSWORD: hunter2", false),
            ("\\do shop.login {\"api_key\": \"abc\"}", false),
            ("\\raw X {\"Authorization\": \"Bearer abc\"}", false), ("\\set client-secret abc", false),
            ("AWS_SECRET_ACCESS_KEY=abc", false),
            ("\\connect --token-file token-file --role agent", true), ("where is order 1001?", true),
        ]
    )
    func keeping(_ line: String, _ isKept: Bool) {
        #expect(HistoryFile.mayKeep(line) == isKept)
    }

    @Test("It is in a file for its owner alone, each line once, the newest last")
    func file() throws {
        let path = NSTemporaryDirectory() + "/attache-history-\(UUID().uuidString)/state/history"
        defer { try? FileManager.default.removeItem(atPath: URL(fileURLWithPath: path).deletingLastPathComponent().path) }
        let history = HistoryFile(path: path)
        for line in ["one", "two", "one", Self.token] { _ = history.add(line) }
        #expect(HistoryFile(path: path).lines == ["two", "one"])
        let permissions = try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int
        #expect(permissions == 0o600)
        for number in 0..<(HistoryFile.limit + 5) { _ = history.add("line \(number)") }
        #expect(HistoryFile(path: path).lines.count == HistoryFile.limit)
    }

    @Test("What an earlier version kept, and this one would not, is gone with the next line")
    func scrubbed() throws {
        let folder = NSTemporaryDirectory() + "/attache-history-\(UUID().uuidString)"
        defer { try? FileManager.default.removeItem(atPath: folder) }
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        try Data("one\npassword=hunter2\n".utf8).write(to: URL(fileURLWithPath: folder + "/history"))
        let history = HistoryFile(path: folder + "/history")
        #expect(history.lines == ["one"])
        _ = history.add("two")
        #expect(try String(contentsOfFile: folder + "/history", encoding: .utf8) == "one\ntwo\n")
    }

    @Test("Where it cannot be written, nothing else suffers")
    func unwritable() {
        let history = HistoryFile(path: "/proc/none/history")
        #expect(history.add("one"))
        #expect(history.lines == ["one"])
    }
}
