import FoundationEssentials

@testable import ActionKit

extension ActionContext {
    /// A context with nothing in it that matters.
    static let empty = ActionContext(
        contact: .init(id: "c1"),
        participant: .init(id: "p1", role: "CUSTOM_BOT", displayName: "Receipts"),
        now: Date(timeIntervalSince1970: 0),
        transcript: { [] }
    )
}

extension Module {
    /// A module in which each action does one of the things that actions do.
    static let sample = Module(
        name: "sample",
        version: "2.1.0",
        actions: [
            Action(
                "shout",
                "Says it louder.",
                Parameter("text", String.self, "What to say"),
                Parameter("times", Int.self, "How often", default: 1),
                readOnly: true
            ) { text, times, _ in
                .text(String(repeating: text.uppercased(), count: times))
            },
            Action("fail", "Fails.", Parameter("message", String?.self, "For the person")) { message, _ in
                throw ActionError("the stock is empty", message: message)
            },
            Action("crash", "Fails without words.") { _ in throw Unexpected() },
            Action("ask", "Asks.", idempotent: true) { context in
                guard let answers = context.answers else {
                    return .ask(ActionQuestion("Which order?", [.required("order", .string)], state: "s1"))
                }
                return .value(["answers": .object(answers), "state": context.state.map(JSON.string) ?? .null])
            },
            Action("wait", "Waits until it is cancelled.") { context in
                await context.progress("waiting")
                while !Task.isCancelled { await Task.yield() }
                throw CancellationError()
            },
            Action("list", "Gives a list.") { _ in .value([1, 2]) },
            Action("context", "Tells what it knows.") { context in .value(context.meta) },
            Action("transcript", "Reads the transcript.") { context in
                .value(.number(JSONNumber(try await context.transcript().count)))
            },
        ]
    )

    struct Unexpected: Error {}
}
