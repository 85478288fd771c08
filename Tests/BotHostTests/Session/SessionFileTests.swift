import ConnectWire
import Foundation
import Glibc
import Participant
import Testing
import Transport

@testable import BotHost

/// What a bot may send, and what becomes of it.
@Suite("The files of a session", .timeLimit(.minutes(1)))
struct SessionFileTests {
    private static let sender = """
        bot: bot
        variables:
          forged: { name: secret.txt, type: text/plain, size: 6, sha256: SHA }
          nonsense: { name: secret.txt }
        behaviours:
          - when: message
            says: bye
            do: [leave]
          - when: message
            do:
              - attach: STEP
                otherwise: [say: "refused: {{error.kind}}"]
        """

    /// Plays the chat of a bot with this `attach`, asked once, and gives what it said.
    private func words(attach step: String, sha256: String = "none", prepare: (TestHost) async throws -> Void) async throws -> [String] {
        try await ChatService.with { service in
            let text = Self.sender.replacing("STEP", with: step).replacing("SHA", with: sha256)
            let host = try TestHost(service, text)
            try await prepare(host)
            let chat = try await service.startChat()
            let ending = try await host.serve(chat.addBot()) {
                try await chat.say("send")
                _ = try await chat.botWords(atLeast: 1)
                try await chat.say("bye")
            }
            #expect(ending == .left)
            return try await chat.botWords
        }
    }

    @Test("A file that another session made is refused, though a bot names its hash")
    func forgedHandle() async throws {
        // SHA-256 of "secret"
        let sha256 = "2bb80d537b1da3e38bd30361aa855686bde0eacd7162fef6a25fe97bf527a25b"
        let words = try await words(attach: "\"{{forged}}\"", sha256: sha256) { host in
            let spooled = try await host.openStore().spool(Array("secret".utf8))
            #expect(spooled.sha256 == sha256)
        }
        #expect(words == ["refused: invalid"])
    }

    @Test("A value that is no file is refused")
    func nonsense() async throws {
        #expect(try await words(attach: "\"{{nonsense}}\"") { _ in } == ["refused: invalid"])
    }

    @Test(
        "A file that cannot be sent from the bot's folder fails the step",
        arguments: ["link.txt", "linked/passwd.txt", "missing.txt", "folder.txt", "empty.txt", "huge.txt", "pipe.txt"]
    )
    func path(_ path: String) async throws {
        let outside = try TemporaryFolder()
        let words = try await words(attach: "{ path: \(path) }") { host in
            try Data("secret".utf8).write(to: URL(fileURLWithPath: outside.path + "/passwd.txt"))
            let files = FileManager.default
            let folder = host.folder.path
            try files.createSymbolicLink(atPath: folder + "/link.txt", withDestinationPath: outside.path + "/passwd.txt")
            try files.createSymbolicLink(atPath: folder + "/linked", withDestinationPath: outside.path)
            try files.createDirectory(atPath: folder + "/folder.txt", withIntermediateDirectories: false)
            try Data().write(to: URL(fileURLWithPath: folder + "/empty.txt"))
            try Data().write(to: URL(fileURLWithPath: folder + "/huge.txt"))
            #expect(truncate(folder + "/huge.txt", 21 * 1024 * 1024) == 0)
            #expect(mkfifo(folder + "/pipe.txt", 0o600) == 0)
        }
        #expect(words == ["refused: invalid"])
    }

    @Test("A link that stays in the folder is followed")
    func innerLink() async throws {
        let words = try await words(attach: "{ path: link.txt }") { host in
            try Data("mine".utf8).write(to: URL(fileURLWithPath: host.folder.path + "/mine.txt"))
            try FileManager.default.createSymbolicLink(atPath: host.folder.path + "/link.txt", withDestinationPath: "mine.txt")
        }
        #expect(words == ["[mine.txt]"])
    }

    private static let keeper = """
        bot: bot
        variables:
          kept: {}
        behaviours:
          - when: message
            says: make
            do:
              - documents.table: { name: list.txt, columns: [Day], rows: [[Monday]] }
                as: file
              - set: { kept: "{{file}}" }
              - say: made
          - when: message
            says: bye
            do: [leave]
          - when: message
            do:
              - attach: "{{kept}}"
                otherwise: [say: "refused: {{error.kind}}, {{error.reason}}"]
        """

    @Test(
        "A spooled file that is not what was put there fails the step, and never gets into the chat",
        arguments: ["overwritten", "truncated", "lengthened", "link", "folder", "missing"]
    )
    func damagedInSpool(harm: String) async throws {
        try await ChatService.with { service in
            let host = try TestHost(service, Self.keeper)
            let spool = host.folder.path + "/store/spool"
            let chat = try await service.startChat()
            let ending = try await host.serve(chat.addBot()) {
                try await chat.say("make")
                _ = try await chat.botWords(until: "made")
                let name = try #require(FileManager.default.contentsOfDirectory(atPath: spool).first)
                try Self.inflict(harm, on: "\(spool)/\(name)")
                try await chat.say("send")
                _ = try await chat.botWords(atLeast: 2)
                try await chat.say("bye")
            }
            #expect(ending == .left)
            let words = try await chat.botWords
            #expect(words.count == 2)
            #expect(words.last?.contains("refused: failed, the file 'list.txt'") == true, "\(words)")
        }
    }

    private static func inflict(_ harm: String, on path: String) throws {
        var data = try Data(contentsOf: URL(fileURLWithPath: path))
        switch harm {
        case "overwritten": data[0] ^= 1
        case "truncated": data.removeLast()
        case "lengthened": data.append(10)
        default:
            try FileManager.default.removeItem(atPath: path)
            if harm == "link" { try FileManager.default.createSymbolicLink(atPath: path, withDestinationPath: "/etc/hostname") }
            if harm == "folder" { try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: false) }
            return
        }
        try data.write(to: URL(fileURLWithPath: path))
    }

    @Test("A file that the scanner rejects runs `otherwise`")
    func rejected() async throws {
        let words = try await words(attach: "{ path: eicar.txt }") { host in
            try Data("x".utf8).write(to: URL(fileURLWithPath: host.folder.path + "/eicar.txt"))
        }
        #expect(words.last == "refused: rejected")
    }
}
