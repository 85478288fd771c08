import ConnectWire
import Foundation
import Glibc
import Testing

@testable import BotHost

/// `attache join` into chats of a local service.
@Suite("attache join", .timeLimit(.minutes(2)))
struct JoinTests {
    private let workplace: Workplace
    private let local: ChildProcess

    init() throws {
        workplace = try Workplace()
        local = try ChildProcess(["local", "--quotas", "off", "--scan-delay", "0"])
    }

    private func join(_ bot: String, _ token: String, _ options: [String] = []) async throws -> ChildProcess {
        let arguments = ["join", bot, "--participant-token-file", "-", "--endpoint", try await local.firstLine()]
        return try ChildProcess(arguments + options, input: token + "\n")
    }

    @Test("It reads the token from standard input, stays until the bot leaves, and ends with 0")
    func standardInput() async throws {
        let customer = try await Customer(endpoint: local.firstLine())
        let bot = try workplace.file("asking.yaml", Workplace.asking)
        let attache = try await join(bot, customer.inviteBot().participantCredentials.participantToken.exposed)
        try await customer.hears("Who are you?")
        try await customer.say("bye")
        #expect(try await attache.exit().status == 0)
        #expect(attache.output.isEmpty)
    }

    @Test("A token that the service refuses ends it with 3, and is not shown")
    func refused() async throws {
        let attache = try await join(try workplace.file("asking.yaml", Workplace.asking), "made-up-token")
        #expect(try await attache.exit().status == 3)
        #expect(attache.errors.contains("refused"))
        #expect(!attache.errors.contains("made-up-token"))
    }

    @Test("No token and no signed URL is in the log, whatever its level and form, nor in the store", arguments: ["text", "json"])
    func secrecy(format: String) async throws {
        let endpoint = try await local.firstLine()
        let customer = try await Customer(endpoint: endpoint)
        _ = try workplace.file("file.txt", "content")
        let bot = try workplace.file(
            "sender.yaml",
            """
            bot: sender
            behaviours:
              - when: message
                do: [attach: { path: file.txt }, say: "There", ask: "More?"]
            """
        )
        let token = try await customer.inviteBot().participantCredentials.participantToken.exposed
        let attache = try await join(bot, token, ["--store", workplace.store, "--log-level", "trace", "--log-format", format])
        try await customer.say("send")
        try await customer.hears("More?")
        let whileRunning = try workplace.storedFiles()
        let surroundings = try attache.kernelFile("environ") + attache.kernelFile("cmdline")
        #expect(try attache.kernelFile("limits").contains(#/Max core file size +0 +0/#))
        #expect(try attache.kernelFile("limits").contains(#/Max open files +([0-9]+) +\1 /#), "all that it may open")
        attache.signal(SIGTERM)
        #expect(try await attache.exit().status == 0)

        var secrets = customer.secrets + [token]
        let store = try Store(folder: workplace.store)
        let session = try #require(await store.liveSessions().first)
        secrets.append(try #require(session.credentials?.connectionToken.exposed))
        secrets.append(
            try String(contentsOfFile: workplace.store + "/key", encoding: .utf8).trimmingCharacters(in: .whitespacesAndNewlines)
        )
        // Signed URLs, by what each of them contains.
        secrets += ["/objects/", "/ws?", "Signature="]

        #expect(attache.errors.contains("file sent"))
        for secret in secrets {
            #expect(!surroundings.contains(secret), "\(secret) is where other processes can read it")
            #expect(!attache.errors.contains(secret), "in the log: \(attache.errors.lines(containing: secret))")
        }
        let files = try whileRunning + workplace.storedFiles()
        #expect(files.contains { $0.name == "attache.db-wal" } && files.contains { $0.name == "attache.db" })
        for (name, content) in files where name != "key" {
            for secret in secrets { #expect(content.firstRange(of: Data(secret.utf8)) == nil, "\(secret) in \(name)") }
        }
    }

    @Test("An upload of 19 MiB takes hardly more memory than one of 1 KiB")
    func memory() async throws {
        let small = try await peakMemory(sending: 1024)
        let large = try await peakMemory(sending: 19 * 1024 * 1024)
        // How much, in KiB, for the record.
        print("peak memory: \(small) KiB for 1 KiB, \(large) KiB for 19 MiB: \(large - small) KiB more")
        #expect(large - small < 4096)
    }

    private func peakMemory(sending size: Int) async throws -> Int {
        let customer = try await Customer(endpoint: local.firstLine())
        let line = "The quick brown fox jumps over the lazy dog, and back again. \n"
        let text = String(repeating: line, count: size / line.utf8.count + 1).prefix(size)
        _ = try workplace.file("file-\(size).txt", String(text))
        let bot = try workplace.file(
            "sender-\(size).yaml",
            """
            bot: sender
            behaviours:
              - when: joined
                do: [attach: { path: file-\(size).txt }, say: "There"]
              - when: message
                do: [leave]
            """
        )
        let attache = try await join(bot, customer.inviteBot().participantCredentials.participantToken.exposed)
        #expect(try await customer.hears("There") == ["[file-\(size).txt]", "There"])
        let peak = try attache.peakMemory()
        try await customer.say("bye")
        #expect(try await attache.exit().status == 0)
        return peak
    }
}

extension String {
    fileprivate func lines(containing text: String) -> [Substring] {
        split(separator: "\n").filter { $0.contains(text) }
    }
}
