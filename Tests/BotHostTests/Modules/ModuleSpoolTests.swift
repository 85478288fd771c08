import Foundation
import Glibc
import Testing

@testable import BotHost

@Suite("The spool folder of a module")
struct ModuleSpoolTests {
    private let folder: TemporaryFolder
    private let spool: ModuleSpool
    private let outside: String

    init() throws {
        folder = try TemporaryFolder()
        spool = try ModuleSpool(in: ModuleFolder(folder.path + "/modules"))
        outside = folder.path + "/outside"
        try FileManager.default.createDirectory(atPath: outside, withIntermediateDirectories: true)
        try write(outside + "/precious", blocks: 1)
    }

    private func write(_ path: String, blocks: Int) throws {
        try Data(repeating: 1, count: blocks << 20).write(to: URL(fileURLWithPath: path))
    }

    private func age(_ path: String) throws {
        try FileManager.default.setAttributes([.modificationDate: Date(timeIntervalSinceNow: -1000)], ofItemAtPath: path)
    }

    private func exists(_ path: String) -> Bool { FileManager.default.fileExists(atPath: path) }

    @Test("It goes with all that a module can leave in it, and nothing goes that it links")
    func remove() throws {
        try FileManager.default.createSymbolicLink(atPath: spool.path + "/link", withDestinationPath: outside)
        mkfifo(spool.path + "/fifo", 0o600)
        close(open(spool.path + "/\u{fffd}", O_CREAT | O_WRONLY, 0o600))
        // A name that is no UTF-8.
        let name = Array(spool.path.utf8).map(CChar.init(bitPattern:)) + [47, CChar(bitPattern: 0xFF), 0]
        close(open(name, O_CREAT | O_WRONLY, 0o600))
        mkdir(spool.path + "/closed", 0o700)
        try write(spool.path + "/closed/file", blocks: 0)
        chmod(spool.path + "/closed", 0)
        // Deeper than a path can be long.
        var place = open(spool.path, O_RDONLY | O_DIRECTORY)
        for _ in 0..<3000 {
            mkdirat(place, "deep", 0o700)
            let next = openat(place, "deep", O_RDONLY | O_DIRECTORY)
            close(place)
            place = next
        }
        close(place)
        spool.remove()
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path + "/modules") == [])
        #expect(exists(outside + "/precious"))
    }

    @Test("One that was replaced by a link is not followed, neither to clear it nor to remove it")
    func replaced() throws {
        try write(outside + "/large", blocks: 80)
        try age(outside + "/large")
        rmdir(spool.path)
        try FileManager.default.createSymbolicLink(atPath: spool.path, withDestinationPath: outside)
        spool.sweep(now: Date())
        spool.remove()
        #expect(exists(outside + "/large") && exists(outside + "/precious") && !exists(spool.path))
    }

    @Test("Old files are cleared away where there are too many bytes; a hole is none, and a link is left alone")
    func sweep() throws {
        mkdir(spool.path + "/in", 0o700)
        for name in ["old", "in/old", "new"] { try write("\(spool.path)/\(name)", blocks: 1) }
        for name in ["old", "in/old"] { try age("\(spool.path)/\(name)") }
        try age(outside + "/precious")
        try FileManager.default.createSymbolicLink(atPath: spool.path + "/link", withDestinationPath: outside)
        close(open(spool.path + "/hole", O_CREAT | O_WRONLY, 0o600))
        truncate(spool.path + "/hole", 200 << 20)
        spool.sweep(now: Date())
        #expect(exists(spool.path + "/old"), "there is room")
        try write(spool.path + "/large", blocks: 70)
        spool.sweep(now: Date())
        #expect(!exists(spool.path + "/old") && !exists(spool.path + "/in/old"))
        #expect(exists(spool.path + "/new") && exists(spool.path + "/large") && exists(outside + "/precious"))
    }
}
