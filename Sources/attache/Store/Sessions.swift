import ArgumentParser
import BotHost
import ConnectWire
import Participant

/// The sessions in a store: those that go on, and those that are over.
struct Sessions: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "The sessions in a store.",
        discussion: "The store may be in use by a running host: it is read beside it, and changed through it.",
        subcommands: [List.self, Show.self, Forget.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all sessions, the oldest first.")

        @Flag(help: "Print one JSON array.")
        var json = false

        @OptionGroup var storage: StoreOptions

        func run() async throws {
            let sessions = try await storage.reader().sessions()
            if json { return try Terminal.answer(json: sessions) }
            guard !sessions.isEmpty else { return Terminal.tell("no sessions") }
            Terminal.answer(
                table: ["BOT", "CONTACT", "BEGAN", "TO DO", "FILES", "STATE", "SESSION"],
                sessions.map { session in
                    [
                        session.bot, session.contact?.rawValue ?? "not known yet", "\(session.createdAt)", "\(session.openEffects)",
                        "\(session.uploads)", session.ending ?? "goes on", session.id.rawValue,
                    ]
                }
            )
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tell of a session: what it has done, and what it still has to do.")

        @Argument(help: "The session's id or the end of it, or its contact's or participant's id.")
        var session: String

        @Flag(help: "Print one JSON array.")
        var json = false

        @OptionGroup var storage: StoreOptions

        func run() async throws {
            let reader = try storage.reader()
            let sessions = try await reader.sessions(named: session)
            guard !sessions.isEmpty else { throw CommandFailure(.failed, "there is no session '\(session)'") }
            if json { return try Terminal.answer(json: sessions) }
            for session in sessions { try await show(session, reader) }
        }

        private func show(_ session: SessionSummary, _ reader: StoreReader) async throws {
            Terminal.answer("session      \(session.id)")
            Terminal.answer("bot          \(session.bot), as \(session.role.rawValue)")
            Terminal.answer("contact      \(session.contact?.rawValue ?? "not known yet")")
            Terminal.answer("participant  \(session.participant?.rawValue ?? "not known yet")")
            Terminal.answer("endpoint     \(session.endpoint)")
            Terminal.answer("began        \(session.createdAt)\(session.hasConnected ? "" : ", and was never connected")")
            if let endedAt = session.endedAt { Terminal.answer("ended        \(endedAt): \(session.ending ?? "no reason is known")") }
            for effect in try await reader.openEffects(of: session.id) { Terminal.answer("to do        \(effect)") }
            for upload in try await reader.uploads(of: session.id) {
                Terminal.answer("file         \(upload.file.name): \(upload.changes.last?.inWords ?? upload.state.rawValue)")
            }
            Terminal.answer("")
        }
    }

    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Remove a session with all that hangs on it.",
            discussion: "A session that goes on is given up: the bot falls silent, and its participant stays in the chat."
        )

        @Argument(help: "The session's id or the end of it, or its contact's or participant's id.")
        var session: String

        @OptionGroup var storage: StoreOptions

        func run() async throws {
            try await storage.perform(ControlRequest(.forgetSession, id: session))
        }
    }
}
