import FoundationEssentials
import Glibc
import Transport

/// A module of a bot file with everything resolved: what runs, and where. Two that are equal are one module.
package struct ModuleSpecification: Hashable, Sendable {
    package let name: String
    package let kind: ModuleReference.Kind
    package let options: ModuleOptions
    /// Of the bot file, which its paths are relative to.
    let folder: String
    /// Of the files that the command names, so that a changed program is a changed module.
    private let stamps: [FileStamp]

    package init(_ reference: ModuleReference, folder: String) {
        name = reference.name
        kind = reference.kind
        options = reference.options
        self.folder = folder
        let words =
            switch reference.kind {
            case .mcp(let words): words
            case .library(let library): [library]
            }
        let place = Self.place(reference.kind, reference.options, folder)
        stamps = words.compactMap { FileStamp(path: $0.isAbsolutePath ? $0 : "\(place)/\($0)") }
    }

    /// Where its relative paths lead from: a process has a folder that it runs in, a library is beside its bot file.
    private static func place(_ kind: ModuleReference.Kind, _ options: ModuleOptions, _ folder: String) -> String {
        guard case .mcp = kind, let own = options.folder else { return folder }
        return own.isAbsolutePath ? own : "\(folder)/\(own)"
    }

    /// The command of a process, and the secrets in its environment.
    /// - Throws: ``ModuleFailure/notRunning(_:)`` with what is wrong with it.
    func command(
        _ words: [String],
        hostEnvironment: [String: String],
        spool: String
    ) throws(ModuleFailure) -> (command: ChildCommand, secrets: [String]) {
        var environment: [String: String] = [:]
        var secrets: [String] = []
        for (name, value) in options.environment {
            switch value {
            case .text(let text): environment[name] = text
            case .from(let source):
                guard let text = hostEnvironment[source] else {
                    throw .notRunning("the host's environment has no '\(source)', which its \(name) is to be")
                }
                environment[name] = text
                secrets.append(text)
            }
        }
        environment["BOT_SPOOL_DIR"] = spool
        let runsIn = Self.place(kind, options, folder)
        let executable = try resolve(words[0], in: runsIn, path: hostEnvironment["PATH"] ?? "/usr/local/bin:/usr/bin:/bin")
        let command = ChildCommand(
            executable: executable,
            arguments: Array(words.dropFirst()),
            environment: environment,
            folder: runsIn,
            limits: options.limits
        )
        return (command, secrets)
    }

    /// A name is looked for in the host's PATH; a path is relative to where the module runs.
    private func resolve(_ word: String, in folder: String, path: String) throws(ModuleFailure) -> String {
        if word.contains("/") {
            let file = word.isAbsolutePath ? word : "\(folder)/\(word)"
            guard access(file, X_OK) == 0 else { throw .notRunning("there is no program at \(file), or it is not executable") }
            return word
        }
        for folder in path.split(separator: ":") where access("\(folder)/\(word)", X_OK) == 0 { return "\(folder)/\(word)" }
        throw .notRunning("there is no program '\(word)' in PATH")
    }
}

/// What tells a file from what it was before.
private struct FileStamp: Hashable, Sendable {
    let path: String
    private let size: Int
    private let modified: Int
    private let inode: UInt

    /// - Returns: Nil for what is no file.
    init?(path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG else { return nil }
        self.path = path
        size = Int(status.st_size)
        modified = status.st_mtim.tv_sec * 1_000_000_000 + status.st_mtim.tv_nsec
        inode = UInt(status.st_ino)
    }
}

extension String {
    var isAbsolutePath: Bool { hasPrefix("/") }
}
