import Foundation
import Glibc
import Transport

/// Which files a module has: collects what is granted, and keeps back what no module may have.
///
/// The kernel only knows what is allowed. So where a granted folder holds something that is kept back, such as a bot's folder with the store in it, its
/// other entries are granted one by one: those that are there when the module starts. It can still list the names beneath that folder, since a
/// program looks for its own parts so.
struct SandboxRules {
    private(set) var rules: [ChildSandbox.Rule] = []
    /// Folders that somebody asked for and that are too much to be granted as a whole.
    private(set) var refused: [String] = []
    /// The store, keys and secrets: without links in their paths. They need not be there yet.
    private let keptBack: [String]
    private let homes: [String]
    private var granted: Set<String> = []

    /// Where everybody has something.
    private static let common: Set<String> = [
        "/", "/dev", "/etc", "/home", "/mnt", "/proc", "/run", "/sys", "/tmp", "/var", "/var/lib", "/var/tmp",
    ]

    init(keepingBack paths: [String], homes: [String]) {
        keptBack = paths.map(Self.canonical)
        self.homes = homes.map(Self.canonical)
    }

    /// For reading and executing: a file, or a folder with all that is beneath it. What is not there is not granted, nor what is kept back.
    mutating func grant(_ path: String) {
        guard let place = Self.resolved(path), granted.insert(place).inserted else { return }
        if isTooMuch(place) {
            if Self.isFolder(place) { refused.append(place) }
            return
        }
        guard !isKeptBack(place) else { return }
        guard keptBack.contains(where: { $0.hasPrefix(place + "/") }) else {
            rules.append(ChildSandbox.Rule(.read, place))
            return
        }
        rules.append(ChildSandbox.Rule(.list, place))
        for name in (try? FileManager.default.contentsOfDirectory(atPath: place)) ?? [] where !Self.isLink("\(place)/\(name)") {
            grant("\(place)/\(name)")
        }
    }

    /// The folder of a file, as that may need what is beside it; the file alone, where that is too much.
    mutating func grant(folderOf file: String) {
        guard let place = Self.resolved(file) else { return }
        let folder = place.parentFolder
        grant(isTooMuch(folder) ? place : folder)
    }

    /// As it is, whatever lies in it.
    mutating func add(_ access: ChildSandbox.Rule.Access, _ path: String) {
        rules.append(ChildSandbox.Rule(access, path))
    }

    /// Whether a path is a home folder, or holds one, or other people's: a whole machine's rather than a module's.
    func isTooMuch(_ place: String) -> Bool {
        Self.common.contains(place) || place.parentFolder == "/home" || homes.contains { $0 == place || $0.hasPrefix(place + "/") }
    }

    private func isKeptBack(_ place: String) -> Bool {
        keptBack.contains { place == $0 || place.hasPrefix($0 + "/") }
    }

    // MARK: Paths

    /// Without links; nil for what is not there.
    static func resolved(_ path: String) -> String? {
        guard let text = realpath(path, nil) else { return nil }
        defer { free(text) }
        return String(cString: text)
    }

    /// Without links, as far as it is there.
    private static func canonical(_ path: String) -> String {
        let absolute = URL(fileURLWithPath: path).standardizedFileURL.path
        if let place = resolved(absolute) { return place }
        let parent = absolute.parentFolder
        guard parent != absolute else { return absolute }
        let folder = canonical(parent)
        return (folder == "/" ? "" : folder) + "/" + absolute.lastName
    }

    static func isFolder(_ path: String) -> Bool { kind(path, follows: true) == S_IFDIR }

    static func isFile(_ path: String) -> Bool { kind(path, follows: true) == S_IFREG }

    static func isLink(_ path: String) -> Bool { kind(path, follows: false) == S_IFLNK }

    private static func kind(_ path: String, follows: Bool) -> mode_t? {
        var status = stat()
        return (follows ? stat(path, &status) : lstat(path, &status)) == 0 ? status.st_mode & S_IFMT : nil
    }
}

extension String {
    /// Of an absolute path.
    var parentFolder: String {
        guard let slash = lastIndex(of: "/"), slash != startIndex else { return "/" }
        return String(self[..<slash])
    }

    var lastName: String { split(separator: "/").last.map(String.init) ?? "" }
}
