import Foundation
import Glibc

/// What a program needs of the machine beyond the system's own folders: the folder that it was installed into, that of what a link leads to, of its
/// interpreter, of the environment that it is the Python of, and of its libraries.
struct ProgramFiles {
    /// Where the module looks for programs.
    let searchPath: [String]

    /// Programs that lead to one another in turn: a script, its interpreter, where that is a link to.
    private static let depthLimit = 8
    /// Folders within that of an installation, for its programs.
    private static let programFolders: Set<String> = ["bin", "sbin", "libexec", "shims"]

    /// - Parameter path: Absolute.
    func grant(_ path: String, to rules: inout SandboxRules) {
        grant(path, depth: 0, to: &rules)
    }

    private func grant(_ path: String, depth: Int, to rules: inout SandboxRules) {
        guard depth < Self.depthLimit else { return }
        grantInstallation(of: path, depth: depth, to: &rules)
        if let target = try? FileManager.default.destinationOfSymbolicLink(atPath: path) {
            grant(target.isAbsolutePath ? target : "\(path.parentFolder)/\(target)", depth: depth + 1, to: &rules)
        } else {
            let start = Self.start(of: path)
            if let interpreter = interpreter(start) { grant(interpreter, depth: depth + 1, to: &rules) }
            for folder in ELFSearchPath.folders(of: path) { rules.grant(folder) }
        }
    }

    private func grantInstallation(of path: String, depth: Int, to rules: inout SandboxRules) {
        guard let folder = SandboxRules.resolved(path.parentFolder) else { return }
        let root = folder.parentFolder
        guard Self.programFolders.contains(folder.lastName), !rules.isTooMuch(root) else {
            return rules.isTooMuch(folder) ? rules.grant(path) : rules.grant(folder)
        }
        if root.lastName == ".local" {
            // A user's own installations, with much beside them that is no program's.
            for place in [folder, root + "/lib"] { rules.grant(place) }
        } else {
            rules.grant(root)
        }
        if let home = Self.environmentHome(root) { grant(home + "/python", depth: depth + 1, to: &rules) }
    }

    /// Where the Python is that a virtual environment was made with.
    private static func environmentHome(_ root: String) -> String? {
        guard let text = try? String(contentsOfFile: root + "/pyvenv.cfg", encoding: .utf8) else { return nil }
        for line in text.split(whereSeparator: \.isNewline) {
            let parts = line.split(separator: "=", maxSplits: 1).map { $0.trimmingCharacters(in: .whitespaces) }
            if parts.count == 2, parts[0] == "home", parts[1].isAbsolutePath { return parts[1] }
        }
        return nil
    }

    /// Of a script: what its first line names.
    private func interpreter(_ start: [UInt8]) -> String? {
        guard start.starts(with: Array("#!".utf8)) else { return nil }
        let line = String(decoding: start.dropFirst(2).prefix { $0 != UInt8(ascii: "\n") }, as: UTF8.self)
        let words = line.split(whereSeparator: \.isWhitespace).map(String.init)
        guard let first = words.first, first.isAbsolutePath else { return nil }
        guard first.lastName == "env" else { return first }
        guard let name = words.dropFirst().first(where: { !$0.hasPrefix("-") && !$0.contains("=") }) else { return nil }
        if name.isAbsolutePath { return name }
        return searchPath.map { "\($0)/\(name)" }.first { access($0, X_OK) == 0 }
    }

    private static func start(of path: String) -> [UInt8] {
        guard SandboxRules.isFile(path), let file = FileHandle(forReadingAtPath: path) else { return [] }
        defer { try? file.close() }
        return (try? file.read(upToCount: 256)).map(Array.init) ?? []
    }
}
