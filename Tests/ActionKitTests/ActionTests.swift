import ActionKit
import FoundationEssentials
import Testing

@Suite("Actions")
struct ActionTests {
    private let context = ActionContext(
        contact: .init(id: "c1"),
        participant: .init(id: "p1", role: "CUSTOM_BOT", displayName: "Receipts"),
        now: Date(timeIntervalSince1970: 0)
    ) { [] }

    private let module = Module(
        name: "shout",
        actions: [
            Action(
                name: "shout",
                description: "Says it louder.",
                parameters: .object([.required("text", .string), .optional("times", .integer.defaulting(to: 1))])
            ) { arguments, _ in
                guard let text = arguments["text"]?.stringValue, let times = arguments["times"]?.intValue, times >= 0 else {
                    throw ActionError("times is negative", message: "I cannot do that.")
                }
                return .text(String(repeating: text.uppercased(), count: times))
            }
        ]
    )

    @Test("A call sees its arguments coerced and defaults filled in")
    func call() async throws {
        let shout = try #require(module[action: "shout"])
        #expect(try await shout.call(["text": "hey"], in: context).value == "HEY")
        #expect(try await shout.call(["text": "hey", "times": "2"], in: context).value == "HEYHEY")
        #expect(module[action: "whisper"] == nil)
    }

    @Test("Arguments that do not fit are refused before the action runs")
    func refused() async throws {
        let shout = try #require(module[action: "shout"])
        let error = await #expect(throws: ActionError.self) { try await shout.call(["txt": "hey", "times": -1], in: context) }
        #expect(error?.reason == "shout: 'text' is missing: a string; txt: unknown property 'txt'. Did you mean 'text'?")
        #expect(error?.message == nil)
    }

    @Test("What the action throws reaches the caller")
    func thrown() async throws {
        let shout = try #require(module[action: "shout"])
        let error = await #expect(throws: ActionError.self) { try await shout.call(["text": "hey", "times": -1], in: context) }
        #expect(error == ActionError("times is negative", message: "I cannot do that."))
    }
}
