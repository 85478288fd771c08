import ArgumentParser
import BotHost
import ConnectWire

/// Erase a contact.
struct Forget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove all that there is of a contact: sessions, uploads, files, tokens, and recordings of the REPL.",
        discussion: """
            What is removed is overwritten, in the database and in its write-ahead log. A recording is removed whole, also where it has other \
            contacts in it; copies of it, logs, and what the service keeps of the contact stay.
            """
    )

    @Argument(help: "The contact's id.")
    var contact: String

    @OptionGroup var storage: StoreOptions

    func run() async throws {
        let recordings = try RecordingIndex().erase(ContactID(contact))
        for recording in recordings { Terminal.answer("removed the recording \(recording)") }
        // Of a chat in which nobody was but who sat at a REPL, no store knows.
        if !recordings.isEmpty, try await !storage.has(contact) { return }
        try await storage.perform(ControlRequest(.forgetContact, id: contact))
    }
}
