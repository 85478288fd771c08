import Foundation
import Synchronization

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
        kept = Mutex(text.split(separator: "\n").map(String.init).suffix(Self.limit))
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

    /// Whoever begins a line with a space wants it forgotten; and what looks like a token is forgotten, too.
    static func mayKeep(_ line: String) -> Bool {
        !line.isEmpty && !line.hasPrefix(" ") && !line.contains("\n") && !line.mayHoldSecret
    }

    /// History is a comfort: that it cannot be written stops nobody.
    private func save(_ lines: [String]) {
        guard let path else { return }
        let folder = URL(fileURLWithPath: path).deletingLastPathComponent().path
        try? FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true, attributes: [.posixPermissions: 0o700])
        let temporary = "\(path).\(getpid())"
        let data = Data((lines.joined(separator: "\n") + "\n").utf8)
        guard FileManager.default.createFile(atPath: temporary, contents: data, attributes: [.posixPermissions: 0o600]) else { return }
        if rename(temporary, path) != 0 { unlink(temporary) }
    }
}

extension String {
    /// Whether a word in it is as long and as mixed as tokens and signed URLs are, and no path or UUID is.
    var mayHoldSecret: Bool {
        split { !($0.isASCII && ($0.isLetter || $0.isNumber || "+/=_-.".contains($0))) }.contains { word in
            word.count >= 40 && word.contains(where: \.isNumber) && word.contains(where: \.isUppercase)
                && word.contains(where: \.isLowercase)
                && word.count { $0 == "/" } < 3
        }
    }
}
