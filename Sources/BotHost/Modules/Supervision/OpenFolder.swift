import Foundation
import Glibc

/// A folder, open: what is done in it is done in this one, whatever is put in its place meanwhile. No link is followed.
final class OpenFolder {
    let descriptor: CInt

    /// As the file system has it, with the zero at its end: it need not be UTF-8.
    typealias Name = [CChar]

    /// - Returns: Nil for what is no folder.
    init?(_ path: String) {
        descriptor = open(path, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    private init?(_ name: Name, in parent: OpenFolder) {
        descriptor = openat(parent.descriptor, name, O_RDONLY | O_DIRECTORY | O_NOFOLLOW | O_CLOEXEC)
        if descriptor < 0 { return nil }
    }

    deinit {
        close(descriptor)
    }

    /// What is in it now.
    var names: [Name] {
        // A stream closes its descriptor, and moves in it.
        guard let entries = fdopendir(openat(descriptor, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC)) else { return [] }
        defer { closedir(entries) }
        var names: [Name] = []
        while let entry = readdir(entries) {
            let name = withUnsafeBytes(of: entry.pointee.d_name) { $0.prefix { $0 != 0 }.map(CChar.init(bitPattern:)) }
            if ![Self.dot, Self.dot + Self.dot].contains(name) { names.append(name + [0]) }
        }
        return names
    }

    private static let dot = [CChar(bitPattern: UInt8(ascii: "."))]

    private func status(_ name: Name) -> stat? {
        var status = stat()
        return fstatat(descriptor, name, &status, AT_SYMLINK_NOFOLLOW) == 0 ? status : nil
    }

    /// All regular files in it, and in the folders within it down to a depth.
    func forEachFile(depth: Int, _ body: (OpenFolder, Name, stat) -> Void) {
        for name in names {
            guard let status = status(name) else { continue }
            switch status.st_mode & S_IFMT {
            case S_IFREG: body(self, name, status)
            case S_IFDIR where depth > 0: OpenFolder(name, in: self)?.forEachFile(depth: depth - 1, body)
            default: break
            }
        }
    }

    /// Removes what is no folder.
    func remove(_ name: Name) {
        unlinkat(descriptor, name, 0)
    }

    /// Removes a file, or a folder with all that is beneath it.
    ///
    /// Folders within folders are brought up to this one first, so that neither their depth nor the length of their paths matters.
    func removeTree(_ name: Name) {
        var waiting = [name]
        while let next = waiting.popLast() {
            guard unlinkat(descriptor, next, 0) != 0 else { continue }
            guard let status = status(next), status.st_mode & S_IFMT == S_IFDIR else { continue }
            // Its owner may have forbidden itself to look into it.
            if status.st_mode & S_IRWXU != S_IRWXU { fchmodat(descriptor, next, S_IRWXU, 0) }
            guard let folder = OpenFolder(next, in: self) else { continue }
            for inner in folder.names where unlinkat(folder.descriptor, inner, 0) != 0 {
                let place = Name(".removed-\(UUID().uuidString.lowercased())".utf8CString)
                // A folder moves only where it may be written to, since it knows its parent.
                fchmodat(folder.descriptor, inner, S_IRWXU, 0)
                if renameat(folder.descriptor, inner, descriptor, place) == 0 { waiting.append(place) }
            }
            unlinkat(descriptor, next, AT_REMOVEDIR)
        }
    }
}
