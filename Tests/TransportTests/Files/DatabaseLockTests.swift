import Foundation
import Glibc
import Testing
import Transport

@Suite("The lock and the watch on a database's file")
struct DatabaseLockTests {
    private let folder: TemporaryFolder
    private var path: String { folder.path + "/db" }

    init() throws {
        folder = try TemporaryFolder()
    }

    @Test("One has it at a time, by whatever name; the next one gets it when it is free")
    func exclusive() throws {
        let first = try #require(try DatabaseLock(path: path))
        #expect(try DatabaseLock(path: path) == nil)
        try FileManager.default.linkItem(atPath: path, toPath: folder.path + "/other")
        #expect(try DatabaseLock(path: folder.path + "/other") == nil)
        withExtendedLifetime(first) {}
    }

    @Test("It is free again when the lock is gone")
    func released() throws {
        for _ in 1...2 { #expect(try DatabaseLock(path: path) != nil) }
    }

    @Test("The file is its owner's alone, made or found")
    func mode() throws {
        for _ in 1...2 {
            _ = try DatabaseLock(path: path)
            #expect(try FileManager.default.attributesOfItem(atPath: path)[.posixPermissions] as? Int == 0o600)
            chmod(path, 0o666)
        }
    }

    @Test("A link in its place is refused")
    func link() throws {
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: folder.path + "/elsewhere")
        #expect { try DatabaseLock(path: path) } throws: { "\($0)".contains("it is a link") }
        #expect(try folder.names == ["db"])
    }

    @Test("A file that was removed or replaced is noticed, and that it is back", arguments: ["db", "db-wal"])
    func watch(name: String) throws {
        let lock = try #require(try DatabaseLock(path: path))
        _ = try folder.file("db-wal", bytes: [1])
        let (watch, file, files) = (FileWatch(lock, and: [path + "-wal", path + "-shm"]), "\(folder.path)/\(name)", FileManager.default)
        #expect(watch.lost == nil)
        try files.moveItem(atPath: file, toPath: file + ".old")
        #expect(watch.lost == file)
        try files.copyItem(atPath: file + ".old", toPath: file)
        #expect(watch.lost == file)
        #expect(rename(file + ".old", file) == 0)
        #expect(watch.lost == nil)
        try files.removeItem(atPath: folder.path)
        #expect(watch.lost == path)
    }
}
