import Foundation
import Glibc
import Testing
import Transport

@Suite("Files and folders that are their owner's alone")
struct PrivateFileTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
    }

    private func mode(_ name: String) throws -> Int {
        var status = stat()
        guard lstat("\(folder.path)/\(name)", &status) == 0 else { throw POSIXError(.ENOENT) }
        return Int(status.st_mode & 0o7777)
    }

    private func text(_ name: String) throws -> String { try String(contentsOfFile: "\(folder.path)/\(name)", encoding: .utf8) }

    // MARK: Files

    enum Way: String, CaseIterable {
        case create, replace, append

        func write(_ text: String, to path: String) throws {
            switch self {
            case .create: try PrivateFile.create(path, Array(text.utf8))
            case .replace: try PrivateFile.replace(path, with: Array(text.utf8))
            case .append: try PrivateFile.append(Array(text.utf8), to: path, makesOne: true)
            }
        }
    }

    @Test("A new file has the mode 0600", arguments: Way.allCases)
    func new(way: Way) throws {
        try way.write("new", to: folder.path + "/file")
        #expect(try text("file") == "new")
        #expect(try mode("file") == 0o600)
        #expect(try folder.names == ["file"])
    }

    @Test("Nothing is written by way of a link, wherever it leads", arguments: Way.allCases, ["target", "nowhere"])
    func link(way: Way, destination: String) throws {
        _ = try folder.file("target", bytes: Array("kept".utf8))
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/file", withDestinationPath: "\(folder.path)/\(destination)")
        #expect(throws: FileProblem.self) { try way.write("new", to: folder.path + "/file") }
        #expect(try text("target") == "kept")
        #expect(try folder.names == ["file", "target"])
    }

    @Test("A file that is replaced is another file from then on: its other names, and who has it open, keep the old one")
    func hardLink() throws {
        let path = try folder.file("file", bytes: Array("kept".utf8))
        try FileManager.default.linkItem(atPath: path, toPath: folder.path + "/other")
        try PrivateFile.replace(path, with: Array("new".utf8))
        #expect(try text("file") == "new")
        #expect(try text("other") == "kept")
        #expect(try mode("file") == 0o600)
    }

    @Test("A device is written to, not replaced; a folder is neither")
    func special() throws {
        try PrivateFile.replace("/dev/null", with: [1])
        var status = stat()
        #expect(lstat("/dev/null", &status) == 0 && status.st_mode & S_IFMT == S_IFCHR)
        #expect(throws: FileProblem.self) { try PrivateFile.replace(folder.path, with: [1]) }
    }

    @Test("A file is closed to others, and a link's target is not touched")
    func close() throws {
        let path = try folder.file("file", bytes: [1])
        chmod(path, 0o644)
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: path)
        try PrivateFile.close(folder.path + "/link")
        #expect(try mode("file") == 0o644)
        try PrivateFile.close(path)
        #expect(try mode("file") == 0o600)
        try PrivateFile.close(folder.path + "/none")
    }

    // MARK: Folders

    @Test("A folder is made with all that is above it, for its owner alone")
    func newFolder() throws {
        #expect(try PrivateFolder.prepare(folder.path + "/a/b/c/") == nil)
        for name in ["a", "a/b", "a/b/c"] { #expect(try mode(name) == 0o700) }
    }

    @Test("Of a folder that others may enter is told, and how that ends; it keeps its mode", arguments: [0o755, 0o750, 0o770, 0o1777])
    func openFolder(mode: Int) throws {
        mkdir(folder.path + "/a", 0o700)
        chmod(folder.path + "/a", mode_t(mode))
        let warning = try #require(try PrivateFolder.prepare(folder.path + "/a"))
        #expect(warning.contains("chmod 700 \(folder.path)/a"))
        #expect(try self.mode("a") == mode)
        try PrivateFolder.own(folder.path + "/a")
        #expect(try self.mode("a") == 0o700)
    }

    @Test("A folder whose files anybody may replace is refused, with the remedy", arguments: [0o777, 0o707, 0o702])
    func worldWritable(mode: Int) throws {
        mkdir(folder.path + "/a", 0o700)
        chmod(folder.path + "/a", mode_t(mode))
        #expect { try PrivateFolder.prepare(folder.path + "/a") } throws: { "\($0)".contains("chmod 700 \(folder.path)/a") }
    }

    @Test("What is no folder is refused")
    func noFolder() throws {
        let path = try folder.file("file", bytes: [1])
        for path in [path, path + "/a", "/proc/none/a", ""] { #expect(throws: FileProblem.self) { try PrivateFolder.prepare(path) } }
    }

    // MARK: Secrets

    @Test("A secret that its owner alone may read is read", arguments: [0o600, 0o400])
    func secret(mode: Int) throws {
        let path = try folder.file("secret", bytes: Array("s3cret\n".utf8))
        chmod(path, mode_t(mode))
        #expect(try SecretFile.read(path) == "s3cret\n")
        // As Kubernetes has it: the file is a link to the one of this generation.
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/link", withDestinationPath: path)
        #expect(try SecretFile.read(folder.path + "/link") == "s3cret\n")
    }

    @Test("One that others may read is refused, with the remedy", arguments: [0o644, 0o604, 0o666, 0o660, 0o602, 0o601])
    func openSecret(mode: Int) throws {
        let path = try folder.file("secret", bytes: [1])
        chmod(path, mode_t(mode))
        #expect { try SecretFile.read(path) } throws: { "\($0)".contains("run: chmod 600 \(path)") }
    }

    @Test("A group may read what root has, for so credentials are handed to a service", arguments: [0o440, 0o640])
    func groupSecret(mode: Int) throws {
        let path = try folder.file("secret", bytes: [1])
        chmod(path, mode_t(mode))
        if geteuid() == 0, getegid() == 0 {
            #expect(try SecretFile.read(path).utf8.count == 1)
            // Another group than root's own is one too many.
            chown(path, 0, 1)
        }
        #expect(throws: FileProblem.self) { try SecretFile.read(path) }
    }

    @Test("A pipe is read to its end; what is not there, and what has no end, is refused")
    func otherSecrets() async throws {
        let path = folder.path + "/pipe"
        mkfifo(path, 0o644)
        Thread.detachNewThread { try? Data("from a pipe".utf8).write(to: URL(filePath: path)) }
        #expect(try SecretFile.read(path) == "from a pipe")
        #expect { try SecretFile.read(folder.path + "/none") } throws: { "\($0)".contains("none: there is no such file") }
        #expect(throws: FileProblem.self) { try SecretFile.read("/dev/zero") }
        #expect(throws: FileProblem.self) { try SecretFile.read(folder.path) }
    }
}
