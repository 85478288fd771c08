import Foundation
import Synchronization
import Transport

/// What was typed in earlier sessions: in the state directory, for its owner alone, each line once, and no secrets.
final class HistoryFile: Sendable {
    /// Lines that are kept.
    static let limit = 1000

    private let path: String?
    private let kept: Mutex<[String]>

    /// - Parameter path: Nil to keep nothing.
    init(path: String?) {
        self.path = path
        let text = path.flatMap { FileManager.default.contents(atPath: $0) }.map { String(decoding: $0, as: UTF8.self) } ?? ""
        // An earlier version may have kept what this one would not.
        kept = Mutex(text.split(separator: "\n").map(String.init).filter(Self.mayKeep).suffix(Self.limit))
    }

    /// The oldest first.
    var lines: [String] { kept.withLock { $0 } }

    /// - Returns: False for a line that is not kept.
    func add(_ line: String) -> Bool {
        guard Self.mayKeep(line) else { return false }
        kept.withLock { kept in
            kept.removeAll { $0 == line }
            kept.append(line)
            if kept.count > Self.limit { kept.removeFirst(kept.count - Self.limit) }
            save(kept)
        }
        return true
    }

    /// Whoever begins a line with a space wants it forgotten; and what looks like a token, or speaks of a secret, is forgotten, too.
    static func mayKeep(_ line: String) -> Bool {
        !line.isEmpty && !line.hasPrefix(" ") && !line.contains("\n") && !line.mayHoldSecret && !line.namesSecret
    }

    /// History is a comfort: that it cannot be written stops nobody.
    private func save(_ lines: [String]) {
        guard let path else { return }
        _ = try? PrivateFolder.prepare(URL(fileURLWithPath: path).deletingLastPathComponent().path)
        try? PrivateFile.replace(path, with: Array((lines.joined(separator: "\n") + "\n").utf8))
    }
}

extension String {
    /// Whether a word in it is what secrets are called, however it is written: `password=x`, `"apiKey": "x"`, `Authorization: Bearer x`. The name of
    /// a file with a secret, as in `--token-file`, gives nothing away, and no path does.
    var namesSecret: Bool {
        let names = [
            "password", "passwd", "passphrase", "passcode", "pwd", "secret", "token", "credential", "apikey", "accesskey", "privatekey",
            "authorization", "bearer",
        ]
        let text = lowercased().filter { $0 != "_" && $0 != "-" }
        let words = text.split { !($0.isLetter || $0.isNumber || $0 == "/" || $0 == ".") }.filter {
            !$0.contains("/") && !$0.hasSuffix("file")
        }
        return names.contains { name in
            text.contains(name + "=") || text.contains(name + ":") || words.contains { $0.contains(name) }
        }
    }

    /// Whether a word in it is as long and as mixed as tokens and signed URLs are, and no path or UUID is.
    var mayHoldSecret: Bool {
        split { !($0.isASCII && ($0.isLetter || $0.isNumber || "+/=_-.".contains($0))) }.contains { word in
            word.count >= 40 && word.contains(where: \.isNumber) && word.contains(where: \.isUppercase)
                && word.contains(where: \.isLowercase)
                && word.count { $0 == "/" } < 3
        }
    }
}
