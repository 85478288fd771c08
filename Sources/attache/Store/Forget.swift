import ArgumentParser
import BotHost

/// Erase a contact.
struct Forget: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "Remove all that the store has of a contact: sessions, uploads, files, tokens.",
        discussion: """
            What is removed is overwritten, in the database and in its write-ahead log. What the service keeps of the contact stays there, \
            and so do logs and recordings that were made of it.
            """
    )

    @Argument(help: "The contact's id.")
    var contact: String

    @OptionGroup var storage: StoreOptions

    func run() async throws {
        try await storage.perform(ControlRequest(.forgetContact, id: contact))
    }
}
