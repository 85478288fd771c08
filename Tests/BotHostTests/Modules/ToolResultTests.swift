import ActionKit
import Foundation
import Glibc
import Testing

@testable import BotHost

@Suite("What a call of a module has come to")
struct ToolResultTests {
    private let folder: TemporaryFolder

    init() throws {
        folder = try TemporaryFolder()
        try FileManager.default.createDirectory(atPath: folder.path + "/spool", withIntermediateDirectories: true)
    }

    private func result(_ json: String) throws -> ToolResult {
        try ToolResult(JSON(parsing: json.replacing("SPOOL", with: folder.path + "/spool")), spool: folder.path + "/spool")
    }

    @Test(
        "Text and structured content become the value",
        arguments: [
            (#"{"content":[{"type":"text","text":"a"}]}"#, #""a""#),
            (#"{"content":[{"type":"text","text":"a"},{"type":"text","text":"b"}],"resultType":"complete"}"#, #""a\nb""#),
            (#"{"content":[{"type":"text","text":"a"}],"structuredContent":{"n":19.90}}"#, #"{"n":19.90}"#),
            (#"{"content":[{"type":"resource","resource":{"uri":"x:y","text":"t"}}]}"#, #""t""#),
            (#"{"content":[{"type":"of the future"}]}"#, "null"),
            ("{}", "null"),
        ]
    )
    func values(json: String, expected: String) throws {
        #expect(try result(json) == .done(value: JSON(parsing: expected), files: []))
    }

    @Test("Blobs become files, with the name that they have or one that fits")
    func blobs() throws {
        let json = """
            {"content":[{"type":"image","data":"AQI=","mimeType":"image/png"},
             {"type":"resource","resource":{"uri":"x:///a%20b.pdf","mimeType":"application/pdf","blob":"AQI="}}]}
            """
        let files = [
            MadeFile(name: "file-1.png", contentType: "image/png", content: .generated(.bytes([1, 2]))),
            MadeFile(name: "a b.pdf", contentType: "application/pdf", content: .generated(.bytes([1, 2]))),
        ]
        #expect(try result(json) == .done(value: .null, files: files))
    }

    @Test("A link into the spool folder becomes a file")
    func link() throws {
        let path = folder.path + "/spool/a.csv"
        try Data("x".utf8).write(to: URL(fileURLWithPath: path))
        let json = #"{"content":[{"type":"resource_link","uri":"file://SPOOL/a.csv","name":"b.csv","mimeType":"text/csv"}]}"#
        let files = try self.files(json)
        #expect(files.map(\.name) == ["b.csv"] && files.map(\.contentType) == ["text/csv"])
        // What is in the folder by now does not matter, nor what is added.
        let handle = try FileHandle(forUpdating: URL(fileURLWithPath: path))
        try handle.seekToEnd()
        try handle.write(contentsOf: Data("and more".utf8))
        try FileManager.default.removeItem(atPath: path)
        try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/passwd")
        #expect(try files.map { try $0.bytes() } == [Array("x".utf8)])
    }

    private func files(_ json: String) throws -> [MadeFile] {
        guard case .done(_, let files) = try result(json) else { return [] }
        return files
    }

    @Test("A file that changes places with a link again and again is sent as itself, or not at all")
    func race() async throws {
        let spool = folder.path + "/spool"
        let isOver = Watched(false)
        try Data("secret".utf8).write(to: URL(fileURLWithPath: folder.path + "/secret"))
        try Data("own".utf8).write(to: URL(fileURLWithPath: spool + "/own"))
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { [folder] in
                while !isOver.value {
                    symlink("../secret", spool + "/next")
                    rename(spool + "/next", spool + "/own")
                    Glibc.link(folder.path + "/secret", spool + "/next")
                    rename(spool + "/next", spool + "/own")
                    try Data("own".utf8).write(to: URL(fileURLWithPath: spool + "/next"))
                    rename(spool + "/next", spool + "/own")
                }
            }
            for _ in 0..<5000 {
                let made = try? files(#"{"content":[{"type":"resource_link","uri":"file://SPOOL/own","name":"a.txt"}]}"#)
                for file in made ?? [] { #expect(try file.bytes() == Array("own".utf8)) }
            }
            isOver.change { $0 = true }
            try await group.waitForAll()
        }
    }

    @Test(
        "A link out of the spool folder is refused, however it is written",
        arguments: [
            "file:///etc/passwd", "file://SPOOL/../secret", "file://SPOOL/%2e%2e/secret", "file://SPOOL/link", "file://SPOOL",
            "file://SPOOL/none", "file://SPOOL/hard", "file://SPOOL/fifo", "file://SPOOL/folder", "file://SPOOL/through/secret",
            "file://SPOOL/folder/../a.csv", "file://SPOOL/own%00.txt", "file://SPOOL/folder%2f..%2f..%2fsecret",
            "file://elsewhere.example/SPOOL/own",
            "file://SPOOL-beside/secret", "file:own",
            "https://example.com/a", "secret", "",
        ]
    )
    func outside(uri: String) throws {
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path + "/secret"))
        try FileManager.default.createSymbolicLink(atPath: folder.path + "/spool/link", withDestinationPath: folder.path + "/secret")
        let spool = folder.path + "/spool"
        try Data("x".utf8).write(to: URL(fileURLWithPath: spool + "/own"))
        try FileManager.default.linkItem(atPath: folder.path + "/secret", toPath: spool + "/hard")
        try FileManager.default.createSymbolicLink(atPath: spool + "/through", withDestinationPath: "..")
        mkfifo(spool + "/fifo", 0o600)
        for name in ["/spool/folder", "/spool-beside"] {
            try FileManager.default.createDirectory(atPath: folder.path + name, withIntermediateDirectories: true)
        }
        try Data("x".utf8).write(to: URL(fileURLWithPath: folder.path + "/spool-beside/secret"))
        #expect(throws: ModuleFailure.self) { try result(#"{"content":[{"type":"resource_link","uri":"\#(uri)","name":"a"}]}"#) }
    }

    @Test(
        "What fails is told in the module's words, up to 1,000 characters",
        arguments: [
            (#"{"content":[{"type":"text","text":"no such order"}],"isError":true}"#, "no such order"),
            (#"{"isError":true}"#, "the action failed"),
            (#"{"content":[{"type":"text","text":"LONG"}],"isError":true}"#, String(repeating: "x", count: 1000)),
        ]
    )
    func errors(json: String, expected: String) {
        let json = json.replacing("LONG", with: String(repeating: "x", count: 5000))
        #expect(throws: ModuleFailure.failed(expected)) { try result(json) }
    }

    @Test(
        "What does not keep to the protocol is refused",
        arguments: [
            #"{"resultType":"later"}"#, #"{"resultType":"input_required"}"#, #"{"resultType":"input_required","inputRequests":{}}"#,
            #"{"resultType":"input_required","inputRequests":{"a":{"method":"sampling/createMessage"}}}"#,
            #"{"resultType":"input_required","inputRequests":{"a":{"method":"elicitation/create","params":{"mode":"url","message":"x"}}}}"#,
            #"{"content":[{"type":"image","data":"?","mimeType":"image/png"}]}"#,
        ]
    )
    func broken(json: String) {
        #expect(throws: ModuleFailure.self) { try result(json) }
    }
}
