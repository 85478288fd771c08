import Foundation
import Glibc
import Testing
import Transport

@Suite("Temporary folders")
struct ScratchFolderTests {
    private let place: TemporaryFolder

    init() throws {
        place = try TemporaryFolder()
    }

    @Test("One is its owner's alone, and is removed with all that is in it, once or twice")
    func removed() throws {
        let folder = try ScratchFolder(for: "test", in: place.path)
        #expect(folder.path.hasPrefix(place.path + "/attache-test-"))
        #expect(try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? Int == 0o700)
        try FileManager.default.createDirectory(atPath: folder.path + "/a/b", withIntermediateDirectories: true)
        try Data([1]).write(to: URL(filePath: folder.path + "/a/b/c"))
        folder.remove()
        #expect(try place.names == [])
        folder.remove()
    }

    @Test("One that nobody holds any more is gone")
    func released() throws {
        _ = try ScratchFolder(for: "test", in: place.path)
        #expect(try place.names == [])
    }

    @Test("A new one removes what the dead have left, and nothing else")
    func leftovers() throws {
        let living = try ScratchFolder(for: "living", in: place.path)
        try Data([1]).write(to: URL(filePath: living.path + "/file"))
        // As a process leaves it that was killed.
        let dead = "\(place.path)/attache-dead-Abc123"
        try FileManager.default.createDirectory(atPath: dead + "/a", withIntermediateDirectories: true)
        try Data([1]).write(to: URL(filePath: dead + "/a/b"))
        try Data().write(to: URL(filePath: dead + "/.attache-lock"))
        // What others call by such a name, and a link to what was left elsewhere.
        try FileManager.default.createDirectory(atPath: place.path + "/attache-notes", withIntermediateDirectories: false)
        try FileManager.default.createDirectory(atPath: place.path + "/elsewhere", withIntermediateDirectories: false)
        try Data().write(to: URL(filePath: place.path + "/elsewhere/.attache-lock"))
        try FileManager.default.createSymbolicLink(atPath: place.path + "/attache-link", withDestinationPath: place.path + "/elsewhere")

        let new = try ScratchFolder(for: "new", in: place.path)
        let names = [living.path, new.path].map { URL(filePath: $0).lastPathComponent } + ["attache-link", "attache-notes", "elsewhere"]
        #expect(try place.names == names.sorted())
        #expect(FileManager.default.fileExists(atPath: living.path + "/file"))
        #expect(FileManager.default.fileExists(atPath: place.path + "/elsewhere/.attache-lock"))
    }

    @Test("Many that are made at the same moment do not take one another for leftovers")
    func crowd() async throws {
        let folders = try await withThrowingTaskGroup(of: ScratchFolder.self) { group in
            for _ in 1...50 { group.addTask { [place] in try ScratchFolder(for: "crowd", in: place.path) } }
            return try await group.reduce(into: []) { $0.append($1) }
        }
        #expect(try place.names.count == 50)
        for folder in folders { #expect(FileManager.default.fileExists(atPath: folder.path)) }
    }

    @Test("Where there is no such place, the reason is given")
    func nowhere() {
        #expect { try ScratchFolder(for: "test", in: "/nowhere") } throws: { "\($0)".contains("No such file") }
    }
}
