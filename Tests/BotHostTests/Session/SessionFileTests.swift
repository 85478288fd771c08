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

    @Test("A file that the scanner rejects runs `otherwise`")
    func rejected() async throws {
        let words = try await words(attach: "{ path: eicar.txt }") { host in
            try Data("x".utf8).write(to: URL(fileURLWithPath: host.folder.path + "/eicar.txt"))
        }
        #expect(words.last == "refused: rejected")
    }
}
