import ActionKit
import ConnectWire
import Participant

/// What a line of `--json` can be, as a JSON Schema. A later version may add events and members; it takes none away.
enum EventSchema {
    static let schema = Schema.anyOf([
        event(
            "item",
            "Something in a chat, as each of your participants hears it.",
            [
                .required("number", .integer.described("What \\why and \\save know it by.")),
                .required("session", .string.described("Who heard it, of those whom you speak as.")),
                .required("own", .boolean.described("Whether it is by that participant.")),
                .required("item", item),
            ]
        ),
        event(
            "upload",
            "A file that you send went on.",
            [
                .required("session", .string.described("Who sends it.")),
                .required("file", .string.described("Its name.")),
                .required("state", .string(oneOf: Upload.State.allCases.map(\.rawValue))),
                .required("sent", .integer.described("Bytes that were sent.")),
                .required("size", .integer.described("Bytes that it has.")),
                .optional("reason", .string.described("Why it was rejected, or has failed.")),
            ]
        ),
        event(
            "ended",
            "A participant of yours hears nothing more.",
            [.required("session", .string.described("Who.")), .required("reason", .string.described("Why."))]
        ),
        event(
            "answer",
            "What a command answers.",
            [.required("command", .string.described("Its name.")), .required("value", .any.described("As the command has it."))]
        ),
        event("notice", "Something worth knowing.", [.required("text", .string)]),
        event(
            "error",
            "A line could not be done.",
            [
                .required("message", .string.described("With what to do about it.")),
                .required("detail", .array(of: .string).described("What \\error shows besides.")),
                .required("status", .integer.described("The exit code that it leads to where nobody is at the keyboard.")),
                .optional("file", .string.described("The script that the line is in.")),
                .optional("line", .integer.described("Its number there, from 1.")),
            ]
        ),
        event("line", "A line of a script is about to be done.", [.required("line", .string)]),
        event(
            "done",
            "A line is done.",
            [.required("line", .string), .required("milliseconds", .integer.described("How long it took."))]
        ),
    ])

    private static let item = Schema.object(
        [
            .required("Id", .string),
            .required("AbsoluteTime", .string.described("2026-01-01T12:00:00.000Z")),
            .required("Type", .string.described("MESSAGE, EVENT, ATTACHMENT, MESSAGEMETADATA, or what the service has besides.")),
        ],
        additional: .any
    ).described("The item as the service wrote it.")

    private static func event(_ name: String, _ description: String, _ properties: [Schema.Property]) -> Schema {
        .object([.required("event", .string(oneOf: [name]))] + properties).described(description)
    }
}
