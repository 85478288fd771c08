import ArgumentParser
import BotHost
import ConnectWire
import Participant

/// The files that bots have sent, and send.
struct Uploads: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        abstract: "What became of the files that bots send.",
        discussion: "The store may be in use by a running host: it is read beside it, and changed through it.",
        subcommands: [List.self, Show.self, Retry.self, Forget.self]
    )

    struct List: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "List all uploads, the oldest first.")

        @Flag(help: "Print one JSON array.")
        var json = false

        @OptionGroup var storage: StoreOptions

        func run() async throws {
            let uploads = try await storage.reader().uploads()
            if json { return try Terminal.answer(json: uploads) }
            guard !uploads.isEmpty else { return Terminal.tell("no uploads") }
            Terminal.answer(
                table: ["ID", "FILE", "BYTES", "STATE", "SINCE", "CONTACT"],
                uploads.map { upload in
                    [
                        String(upload.id.prefix(8)), upload.file.name, "\(upload.file.size)", upload.state.rawValue, "\(upload.updatedAt)",
                        upload.contact?.rawValue ?? "not known yet",
                    ]
                }
            )
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Tell the story of an upload.")

        @Argument(help: "The upload's id or its beginning, or the name of its file.")
        var upload: String

        @Flag(help: "Print one JSON array.")
        var json = false

        @OptionGroup var storage: StoreOptions

        func run() async throws {
            let uploads = try await storage.reader().uploads(named: upload)
            guard !uploads.isEmpty else { throw CommandFailure(.failed, "there is no upload '\(upload)'") }
            if json { return try Terminal.answer(json: uploads) }
            for upload in uploads { upload.lines.forEach(Terminal.answer) }
        }
    }

    struct Retry: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Send a file again that was rejected, or failed.",
            discussion: "Its chat must still go on. The bot's run has gone on meanwhile and hears nothing of it."
        )

        @Argument(help: "The upload's id or its beginning, or the name of its file.")
        var upload: String

        @OptionGroup var storage: StoreOptions

        func run() async throws {
            try await storage.perform(ControlRequest(.retryUpload, id: upload))
        }
    }

    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Remove an upload that is at its end, and its file.")

        @Argument(help: "The upload's id or its beginning, or the name of its file.")
        var upload: String

        @OptionGroup var storage: StoreOptions

        func run() async throws {
            try await storage.perform(ControlRequest(.forgetUpload, id: upload))
        }
    }
}

extension UploadStory {
    /// For people.
    fileprivate var lines: [String] {
        var lines = [
            "upload      \(id)",
            "file        \(file.name), \(file.contentType), \(file.size) bytes",
            "SHA-256     \(file.sha256)",
            "contact     \(contact?.rawValue ?? "not known yet")",
            "session     \(session)\(sessionEnding.map { ", over: \($0)" } ?? "")",
        ]
        if let attachment { lines.append("attachment  \(attachment)") }
        return lines + changes.map { "\($0.time)  \($0.inWords)" } + [""]
    }
}
