import ActionKit
import ConnectWire
import Foundation
import Participant
import TestSupport
import Testing
import Transport

@testable import BotHost

/// Sessions against the local service, over real sockets, with a real store.
@Suite("A session", .timeLimit(.minutes(1)))
struct SessionTests {
    @Test("A bot greets, asks, sends files of its own making and from its folder, and leaves")
    func wholeChat() async throws {
        try await ChatService.with { service in
            let host = try TestHost(
                service,
                """
                bot: bot
                behaviours:
                  - when: joined
                    do: [say: "Welcome"]
                  - when: message
                    says: files
                    do:
                      - typing
                      - attach: { path: terms.txt }
                      - transcript: { format: txt, name: talk }
                        as: talk
                      - attach: "{{talk}}"
                      - ask: "More?"
                        expect: '^(yes|no)$'
                        as: answer
                      - say: "You said {{answer}}"
                      - leave
                """
            )
            try Data("terms".utf8).write(to: URL(fileURLWithPath: host.folder.path + "/terms.txt"))
            let chat = try await service.startChat()
            let ending = try await host.serve(chat.addBot()) {
                _ = try await chat.botWords(until: "Welcome")
                try await chat.say("files")
                _ = try await chat.botWords(until: "More?")
                try await chat.say("perhaps")
                while try await chat.botWords.filter({ $0 == "More?" }).count < 2 { try await Task.sleep(for: .milliseconds(10)) }
                try await chat.say("yes")
            }
            #expect(ending == .left)
            let words = try await chat.botWords
            #expect(words.count == 6)
            #expect(words.first == "Welcome" && words[1] == "[terms.txt]")
            #expect(words[2].hasPrefix("[talk") && words[2].hasSuffix(".txt]"))
            #expect(Array(words.suffix(3)) == ["More?", "More?", "You said yes"])
        }
    }

    @Test("A bot that listens to everybody never answers itself", arguments: [true, false])
    func echo(knowsItsID: Bool) async throws {
        try await ChatService.with { service in
            let host = try TestHost(
                service,
                """
                bot: bot
                behaviours:
                  - when: message
                    says: bye
                    from: anyone
                    do: [leave]
                  - when: message
                    from: anyone
                    do: [say: "{{message.text}}", say: "again {{message.text}}"]
                """
            )
            let chat = try await service.startChat()
            let ending = try await host.serve(chat.addBot(knowsItsID: knowsItsID)) {
                for number in 1...5 { try await chat.say("\(number)") }
                _ = try await chat.botWords(atLeast: 10)
                try await chat.say("bye")
            }
            #expect(ending == .left)
            #expect(try await chat.botWords == (1...5).flatMap { ["\($0)", "again \($0)"] })
        }
    }

    @Test("The customer's messages that nobody has answered are answered; those before an answer are not")
    func unanswered() async throws {
        try await ChatService.with { service in
            let host = try TestHost(
                service,
                """
                bot: bot
                behaviours:
                  - when: joined
                    do: [say: "Welcome"]
                  - when: message
                    says: bye
                    do: [leave]
                  - when: message
                    do: [say: "To {{message.text}}"]
                """
            )
            let chat = try await service.startChat()
            try await chat.say("old")
            let other = try await service.join(chat.addBot("other").participantToken)
            _ = try await other.call(SendMessageRequest(contentType: .plainText, content: "answer", clientToken: .random()))
            _ = try await other.call(DisconnectParticipantRequest(clientToken: .random()))
            try await chat.say("first")
            try await chat.say("second")
            try await host.serve(chat.addBot()) {
                _ = try await chat.botWords(until: "To second")
                try await chat.say("bye")
            }
            #expect(try await chat.botWords == ["answer", "Welcome", "To first", "To second"])
        }
    }

    @Test("Whatever comes while the bot is busy is answered, each once and in order")
    func busy() async throws {
        let release = Inbox<Void>()
        let module = Module.slow { try await release.next() }
        try await ChatService.with { service in
            let host = try TestHost(
                service,
                """
                bot: bot
                limits: { messages_per_minute: off }
                behaviours:
                  - when: message
                    says: begin
                    do: [say: "Busy", slow.work: {}, say: "Done"]
                  - when: message
                    do: [say: "{{message.text}}"]
                """,
                modules: [module]
            )
            let chat = try await service.startChat()
            try await host.serve { server, _ async throws in
                _ = try await server.accept(chat.addBot())
                try await chat.say("begin")
                _ = try await chat.botWords(until: "Busy")
                for number in 1...200 { try await chat.say("\(number)") }
                release.put(())
                #expect(try await chat.botWords(atLeast: 202) == ["Busy", "Done"] + (1...200).map(String.init))
            }
        }
    }

    @Test("When the chat ends, the run is called off, and the behaviour for the end runs")
    func chatEnds() async throws {
        let notes = Inbox<String>()
        let module = Module(
            name: "notes",
            actions: [
                Action(name: "note", description: "Notes.", parameters: .object([.required("text", .string)])) { arguments, _ in
                    notes.put(arguments["text"]?.stringValue ?? "")
                    return .value(.null)
                }
            ]
        )
        try await ChatService.with { service in
            let host = try TestHost(
                service,
                """
                bot: bot
                behaviours:
                  - when: message
                    do: [ask: "Who?", notes.note: { text: "never" }]
                  - when: ended
                    do: [notes.note: { text: "over" }]
                """,
                modules: [module]
            )
            let chat = try await service.startChat()
            let ending = try await host.serve(chat.addBot()) {
                try await chat.say("hello")
                _ = try await chat.botWords(until: "Who?")
                try await chat.end()
            }
            #expect(ending == .chatEnded)
            #expect(try await notes.next() == "over")
        }
    }

    @Test("An agent who joins ends the part of the bot", arguments: [true, false])
    func agentJoins(hasSpoken: Bool) async throws {
        try await ChatService.with { service in
            let host = try TestHost(
                service,
                """
                bot: bot
                behaviours:
                  - when: joined
                    do: [say: "Welcome"]
                """
            )
            let chat = try await service.startChat()
            let ending = try await host.serve(chat.addBot(knowsItsID: hasSpoken)) {
                _ = try await chat.botWords(until: "Welcome")
                _ = try await chat.addAgent()
            }
            #expect(ending == .removed)
        }
    }

    @Test("A module that throws fails its step, not the session", arguments: Thrown.allCases)
    func throwingModule(thrown: Thrown) async throws {
        let module = Module.slow { throw thrown.error }
        try await ChatService.with { service in
            let host = try TestHost(
                service,
                """
                bot: bot
                behaviours:
                  - when: message
                    says: bye
                    do: [leave]
                  - when: message
                    do:
                      - slow.work: {}
                        otherwise: [say: "{{error.reason}}"]
                """,
                modules: [module]
            )
            let chat = try await service.startChat()
            let ending = try await host.serve(chat.addBot()) {
                try await chat.say("one")
                try await chat.say("two")
                _ = try await chat.botWords(atLeast: 2)
                try await chat.say("bye")
            }
            #expect(ending == .left)
            #expect(try await chat.botWords == [thrown.words, thrown.words])
        }
    }

    enum Thrown: CaseIterable, Sendable {
        case ownError
        case foreignError
        case cancellation

        var error: any Error {
            switch self {
            case .ownError: ActionError("details", message: "That did not work")
            case .foreignError: Unexpected("secret details")
            case .cancellation: CancellationError()
            }
        }

        var words: String { self == .ownError ? "That did not work" : "the action 'slow.work' failed" }
    }

    @Test("A bot that is refused at the door says why")
    func refused() async throws {
        try await ChatService.with { service in
            let host = try TestHost(service, "bot: bot\nbehaviours: [{ when: joined, do: [say: hi] }]")
            let arrival = ChatArrival(bot: "bot", participantToken: ParticipantToken("made-up"))
            guard case .refused = try await host.serve(arrival) else {
                Issue.record("it was let in")
                return
            }
        }
    }
}

extension Module {
    /// `slow.work` does this.
    static func slow(_ work: @escaping @Sendable () async throws -> Void) -> Module {
        Module(
            name: "slow",
            actions: [
                Action(name: "work", description: "Works.", parameters: .object([])) { _, _ in
                    try await work()
                    return .value(.null)
                }
            ]
        )
    }
}
