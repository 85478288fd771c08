import ConnectWire
import Foundation
import Testing

@testable import attache

@Suite("Which contacts recordings are of")
struct RecordingIndexTests {
    private let folder: String
    private let index: RecordingIndex

    init() throws {
        folder = NSTemporaryDirectory() + "/attache-index-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
        index = RecordingIndex(path: folder + "/state/recordings.jsonl")
    }

    private func recording(_ name: String) -> String {
        let path = "\(folder)/\(name)"
        try? Data("hello\n".utf8).write(to: URL(fileURLWithPath: path))
        return path
    }

    private var files: [String] {
        get throws { try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".chat") }.sorted() }
    }

    @Test("A contact's recordings are removed, and nobody else's")
    func erases() throws {
        try index.add("one", recording("a.chat"))
        try index.add("one", recording("b.chat"))
        try index.add("two", recording("b.chat"))
        try index.add("two", recording("c \" ü.chat"))
        #expect(try index.erase("one") == [folder + "/a.chat", folder + "/b.chat"])
        #expect(try files == ["c \" ü.chat"])
        #expect(try index.erase("one") == [])
        #expect(try index.erase("two") == [folder + "/c \" ü.chat"])
    }

    @Test("A recording that somebody has removed is not told of; a line that is cut short harms nobody")
    func gone() throws {
        #expect(try index.erase("one") == [], "before there is an index")
        try index.add("one", folder + "/gone.chat")
        let file = try #require(FileHandle(forWritingAtPath: index.path))
        try file.seekToEnd()
        try file.write(contentsOf: Data("{\"contact\":\"one\",\"recor\n".utf8))
        try index.add("one", recording("a.chat"))
        #expect(try index.erase("one") == [folder + "/a.chat"])
    }

    @Test("Only its owner may read it, also after something was removed from it")
    func mode() throws {
        try index.add("one", recording("a.chat"))
        try index.add("two", recording("b.chat"))
        _ = try index.erase("one")
        let mode = try FileManager.default.attributesOfItem(atPath: index.path)[.posixPermissions] as? Int
        #expect(mode == 0o600)
    }
}
