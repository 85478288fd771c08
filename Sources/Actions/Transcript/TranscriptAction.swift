import ActionKit

extension Action {
    static var transcript: Action {
        Action(
            "transcript",
            "Makes the chat's transcript as a file: all participants, messages, events and attachments, with times.",
            DocumentFormat.name(default: "transcript"),
            Parameter("title", String.self, "The first line of a txt", default: "Transcript"),
            DocumentFormat.format,
            idempotent: true
        ) { name, title, format, context in
            let fileName = try format.fileName(name)
            let transcript = Transcript(
                title: PlainText.line(title),
                contact: context.contact.id,
                date: context.now,
                entries: try await context.transcript()
            )
            let text =
                switch format {
                case .txt: transcript.text(in: context.timeZone)
                case .csv: transcript.table.text
                }
            return .file(
                format.file(named: fileName, text: text),
                value: ["entries": .number(JSONNumber(transcript.entries.count))]
            )
        }
    }
}
