import Foundation
import GRDB
import Glibc
import Testing

@testable import BotHost

/// What becomes of a store whose files somebody touches while it is in use; and who may touch them.
@Suite("The files of a store", .timeLimit(.minutes(1)))
struct StoreFilesTests {
    private let parent: TemporaryFolder
    private let definition = DefinitionRecord(sha256: "d", path: "echo.yaml", source: "bot: echo")
    private var folder: String { parent.path + "/store" }
    private var database: String { folder + "/attache.db" }

    init() throws {
        parent = try TemporaryFolder()
    }

    private func mode(_ name: String) throws -> Int? {
        try FileManager.default.attributesOfItem(atPath: "\(folder)/\(name)")[.posixPermissions] as? Int
    }

    // MARK: Removed and replaced

    enum Harm: String, CaseIterable {
        case unlinked, replaced, overwritten, truncated, folderRemoved, folderMoved, log, index, key, spool
    }

    private func inflict(_ harm: Harm) throws {
        let files = FileManager.default
        switch harm {
        case .unlinked: try files.removeItem(atPath: database)
        case .replaced:
            try files.moveItem(atPath: database, toPath: database + ".old")
            try files.copyItem(atPath: try anotherDatabase(), toPath: database)
        case .overwritten: try Data(contentsOf: URL(fileURLWithPath: anotherDatabase())).write(to: URL(fileURLWithPath: database))
        case .truncated: #expect(truncate(database, 0) == 0)
        case .folderRemoved: try files.removeItem(atPath: folder)
        case .folderMoved: try files.moveItem(atPath: folder, toPath: folder + ".old")
        case .log: try files.removeItem(atPath: database + "-wal")
        case .index: try files.removeItem(atPath: database + "-shm")
        case .key: try files.removeItem(atPath: folder + "/key")
        case .spool: try files.removeItem(atPath: folder + "/spool")
        }
    }

    /// Of a store that was closed in good order.
    private func anotherDatabase() throws -> String {
        _ = try Store(folder: parent.path + "/other")
        return parent.path + "/other/attache.db"
    }

    @Test("Nothing is acknowledged that no later run will find, and the host is told why", arguments: Harm.allCases)
    func harm(_ harm: Harm) async throws {
        let store = try Store(folder: folder)
        #expect(try await store.insert(.example(id: "before"), definition: definition))
        #expect(await store.trouble() == nil)
        try inflict(harm)
        let trouble = await store.trouble()
        #expect(trouble?.code == .gone)
        #expect(trouble?.problem.contains(harm == .spool ? "'spool' was removed" : "nothing new is accepted") == true)
        guard harm != .spool else { return }
        await #expect { try await store.insert(.example(id: "after"), definition: definition) } throws: {
            ($0 as? StoreError)?.code == .gone
        }
        await #expect { try await store.forget([SessionID(rawValue: "before")]) } throws: { ($0 as? StoreError)?.code == .gone }
    }

    @Test("A database that was moved away and back is used again")
    func back() async throws {
        let store = try Store(folder: folder)
        #expect(rename(folder, folder + ".old") == 0)
        await #expect(throws: StoreError.self) { try await store.insert(.example(id: "meanwhile"), definition: definition) }
        #expect(rename(folder + ".old", folder) == 0)
        #expect(await store.trouble() == nil)
        #expect(try await store.insert(.example(id: "after"), definition: definition))
        #expect(try await store.liveSessions().map(\.id.rawValue) == ["after"])
    }

    @Test("What was acknowledged before its log was removed is in the database, though the host is killed", arguments: ["-wal", "-shm"])
    func rescued(file: String) async throws {
        let store = try Store(folder: folder)
        #expect(try await store.insert(.example(id: "before"), definition: definition))
        try FileManager.default.removeItem(atPath: database + file)
        #expect(await store.trouble()?.code == .gone)
        // What a killed host leaves is what is on the disk now.
        let left = parent.path + "/left"
        for name in ["attache.db", "key"] {
            mkdir(left, 0o700)
            try FileManager.default.copyItem(atPath: "\(folder)/\(name)", toPath: "\(left)/\(name)")
        }
        #expect(try await Store(folder: left).liveSessions().map(\.id.rawValue) == ["before"])
        withExtendedLifetime(store) {}
    }

    // MARK: One host

    @Test("A second host is refused, also where the lock file was removed")
    func secondHost() throws {
        let store = try Store(folder: folder)
        try FileManager.default.removeItem(atPath: folder + "/attache.lock")
        #expect { try Store(folder: folder) } throws: { ($0 as? StoreError)?.code == .inUse }
        withExtendedLifetime(store) {}
    }

    @Test("The lock is in nobody's way who reads, and in SQLite's neither")
    func readers() async throws {
        let store = try Store(folder: folder)
        #expect(try await store.insert(.example(), definition: definition))
        #expect(try await StoreReader(folder: folder).sessions().count == 1)
        #expect(try await store.forget([SessionID(rawValue: "s")]).isLogEmptied)
        #expect(try await StoreReader(folder: folder).sessions().isEmpty)
    }

    // MARK: Modes

    @Test("All that a store makes is its owner's alone")
    func modes() async throws {
        let store = try Store(folder: folder)
        _ = try await store.insert(.example(), definition: definition)
        let (_, sha256) = try await store.spool([1, 2, 3])
        for name in ["attache.db", "attache.db-wal", "attache.db-shm", "attache.lock", "key", "spool/\(sha256)"] {
            #expect(try mode(name) == 0o600, "\(name)")
        }
        for name in ["", "spool"] { #expect(try mode(name) == 0o700, "\(name)") }
        #expect(store.warning == nil)
    }

    @Test("A store that is open to others is closed, but for its folder, of which is told")
    func tightened() async throws {
        var names = ["attache.db", "attache.lock"]
        do {
            let store = try Store(folder: folder)
            names.append("spool/\(try await store.spool([1]).sha256)")
        }
        for name in names { chmod("\(folder)/\(name)", 0o666) }
        for name in ["", "spool"] { chmod("\(folder)/\(name)", 0o755) }
        let store = try Store(folder: folder)
        for name in names { #expect(try mode(name) == 0o600, "\(name)") }
        #expect(try mode("spool") == 0o700)
        #expect(store.warning?.contains("chmod 700 \(folder)") == true)
    }

    @Test("A folder whose files anybody may replace is refused")
    func worldWritable() throws {
        mkdir(folder, 0o700)
        chmod(folder, 0o777)
        #expect { try Store(folder: folder) } throws: { "\($0)".contains("chmod 700 \(folder)") && $0 is StoreError }
        #expect(try FileManager.default.contentsOfDirectory(atPath: folder).isEmpty)
    }

    @Test("A link in the place of the database or the lock is not followed", arguments: ["attache.db", "attache.lock"])
    func link(name: String) throws {
        mkdir(folder, 0o700)
        try FileManager.default.createSymbolicLink(atPath: "\(folder)/\(name)", withDestinationPath: parent.path + "/elsewhere")
        #expect(throws: StoreError.self) { try Store(folder: folder) }
        #expect(!FileManager.default.fileExists(atPath: parent.path + "/elsewhere"))
    }

    // MARK: The spool

    @Test("What is no file in the spool is told apart, and gives way to the file")
    func folderInSpool() async throws {
        let store = try Store(folder: folder)
        let sha256 = try await store.spool([1, 2, 3]).sha256
        let path = store.spool.path(of: sha256)
        unlink(path)
        mkdir(path, 0o700)
        #expect(try await !store.isSpooled(sha256))
        #expect(try await store.check().contains { $0.contains(sha256) })
        _ = try await store.spool([1, 2, 3])
        #expect(try await store.isSpooled(sha256))
        #expect(try await store.check().isEmpty)
    }
}
