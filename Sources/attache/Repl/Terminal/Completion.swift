import ConnectWire
import Foundation

/// What Tab makes of the text before the cursor.
struct Completion: Equatable, Sendable {
    /// Characters before the cursor that give way to the insertion.
    var replaced = 0
    /// To be inserted at the cursor.
    var insertion = ""
    /// With it the word is at its end, and a space follows.
    private(set) var isWhole = false
    /// All that it could become, where that is more than one thing.
    var candidates: [String] = []

    static let none = Completion()

    /// Completes a word to what all candidates share, and to a whole one with a space after it.
    init(of word: String, to candidates: [String]) {
        let fitting = candidates.filter { $0.hasPrefix(word) }
        guard let first = fitting.first else { return }
        if fitting.count == 1 {
            isWhole = !first.hasSuffix("/")
            insertion = String(first.dropFirst(word.count)) + (isWhole ? " " : "")
            return
        }
        let common = fitting.dropFirst().reduce(first) { $0.commonPrefix(with: $1) }
        insertion = String(common.dropFirst(word.count))
        if insertion.isEmpty { self.candidates = fitting }
    }

    init() {}

    /// The same for a word that begins with a quotation mark.
    var closingQuote: Completion {
        var copy = self
        if isWhole { copy.insertion = insertion.dropLast() + "\" " }
        return copy
    }

    /// The same in quotation marks, where the word would else be two.
    func quoted(_ word: String) -> Completion {
        let text = word + (isWhole ? String(insertion.dropLast()) : insertion)
        guard text.contains(" ") else { return self }
        var copy = self
        copy.replaced = word.unicodeScalars.count
        copy.insertion = "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"") + (isWhole ? "\" " : "")
        return copy
    }
}

/// What there is to complete with.
struct CompletionSource: Sendable {
    var sessions: [String] = []
    var bots: [String] = []
    /// `module.action`, and the names of its parameters.
    var actions: [String: [String]] = [:]
    var attachments: [String] = []
    var sentFiles: [String] = []
    /// Those that actions made.
    var madeFiles: [String] = []

    func complete(_ line: String) -> Completion {
        guard line.hasPrefix("\\") else { return .none }
        var words = line.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
        let word = words.removeLast()
        guard let command = words.first?.dropFirst().description else {
            return Completion(of: word, to: CommandReference.all.map { "\\" + $0.name }.sorted())
        }
        let others = Array(words.dropFirst())
        // In JSON, blanks and quotation marks mean something else.
        if command == "do" { return complete(word, of: command, after: others) }
        if let begun = Self.begunQuote(in: line) {
            return complete(begun.word, of: command, after: begun.others).closingQuote
        }
        return complete(word, of: command, after: others).quoted(word)
    }

    /// The word that a quotation mark has begun and none has ended yet, and the arguments before it.
    private static func begunQuote(in line: String) -> (word: String, others: [String])? {
        guard !line.count(where: { $0 == "\"" }).isMultiple(of: 2), let quote = line.lastIndex(of: "\"") else { return nil }
        let others = line[..<quote].split(separator: " ").dropFirst().map(String.init)
        return (String(line[line.index(after: quote)...]), others)
    }

    private func complete(_ word: String, of command: String, after words: [String]) -> Completion {
        let previous = words.last { !$0.isEmpty } ?? ""
        switch (command, previous) {
        case ("start", ""): return Completion(of: word, to: bots)
        case ("start", _): return Completion(of: word, to: ["--as", "--attributes"])
        case ("use", ""): return Completion(of: word, to: sessions)
        case ("use", "--role"): return Completion(of: word, to: ["agent", "supervisor"])
        case ("use", _): return Completion(of: word, to: ["--role"])
        case ("connect", "--token-file"): return Completion(of: word, to: Self.files(word))
        case ("connect", "--role"): return Completion(of: word, to: ["agent", "custom_bot", "customer", "supervisor"])
        case ("connect", _): return Completion(of: word, to: ["--as", "--participant-id", "--role", "--token-file"])
        case ("attach", _): return Completion(of: word, to: Self.files(word) + madeFiles)
        case ("source", _), ("replay", _): return Completion(of: word, to: Self.files(word))
        case ("record", _): return Completion(of: word, to: Self.files(word) + ["off"])
        case ("transcript", ">"): return Completion(of: word, to: Self.files(word))
        case ("transcript", "--format"): return Completion(of: word, to: TranscriptFormat.allCases.map(\.rawValue))
        case ("transcript", _): return Completion(of: word, to: ["--format"])
        case ("save", ""): return Completion(of: word, to: attachments + ["last"])
        case ("save", _): return Completion(of: word, to: Self.files(word))
        case ("why", _): return Completion(of: word, to: ["last"])
        case ("retry", _): return Completion(of: word, to: sentFiles)
        case ("do", ""): return Completion(of: word, to: actions.keys.sorted())
        case ("do", _): return completeParameter(word, of: words.first ?? "")
        case ("modules", _): return Completion(of: word, to: ["reload"])
        case ("raw", ""): return Completion(of: word, to: ConnectWire.Operation.allCases.map(\.rawValue).sorted())
        case ("faults", _): return Completion(of: word, to: ["add", "clear", "list"])
        case ("expect", ""): return Completion(of: word, to: ["choice", "event", "file", "joined", "left", "next", "nothing", "typing"])
        case ("expect", _): return Completion(of: word, to: ["within"])
        case ("help", _): return Completion(of: word, to: CommandReference.all.map(\.name).sorted())
        case ("set", ""): return Completion(of: word, to: Setting.names.sorted())
        case ("set", "watch"), ("watch", _): return Completion(of: word, to: Watch.allCases.map(\.rawValue))
        case ("set", _), ("timing", _), ("json", _): return Completion(of: word, to: ["off", "on"])
        default: return .none
        }
    }

    /// `{"na` becomes `{"name": `.
    private func completeParameter(_ word: String, of action: String) -> Completion {
        let names = actions[action] ?? []
        let start = word.lastIndex { $0 == "{" || $0 == "," }.map { String(word[...$0]) } ?? (word.isEmpty ? "{" : "")
        return Completion(of: word, to: names.map { "\(start)\"\($0)\":" })
    }

    /// Folders end with a slash.
    private static func files(_ word: String) -> [String] {
        let folder = word.lastIndex(of: "/").map { String(word[...$0]) } ?? ""
        let names = (try? FileManager.default.contentsOfDirectory(atPath: folder.isEmpty ? "." : folder)) ?? []
        let begun = word.dropFirst(folder.count)
        return names.filter { begun.isEmpty ? !$0.hasPrefix(".") : $0.hasPrefix(begun) }.sorted().prefix(500).map { name in
            var isFolder: ObjCBool = false
            _ = FileManager.default.fileExists(atPath: folder + name, isDirectory: &isFolder)
            return folder + name + (isFolder.boolValue ? "/" : "")
        }
    }
}
