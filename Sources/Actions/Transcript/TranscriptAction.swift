import ActionKit

extension Action {
    static var transcript: Action {
        Action(
            name: "transcript",
            description: "Makes the chat's transcript as a file: all participants, messages, events and attachments, with times.",
            parameters: .object([
                .optional(
                    "name",
                    .string.described("The file's name; its extension is added where it is missing").defaulting(to: "transcript")
                ),
                .optional("title", .string.described("The first line of a txt").defaulting(to: "Transcript")),
                .optional("format", DocumentFormat.parameter),
            ]),
            idempotent: true
        ) { arguments, context in
            let format = DocumentFormat(arguments)
            let name = try format.fileName(arguments["name"]?.stringValue ?? "transcript")
            let transcript = Transcript(
                title: PlainText.line(arguments["title"]?.stringValue ?? "Transcript"),
                contact: context.contact.id,
                date: context.now,
                entries: try await context.transcript()
            )
            let text =
                switch format {
                case .txt: transcript.text(in: context.timeZone)
                case .csv: transcript.table.text
                }
            return ActionResult(
                value: ["entries": .number(JSONNumber(transcript.entries.count))],
                files: [format.file(named: name, text: text)]
            )
        }
    }
}
