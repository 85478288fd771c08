import ActionKit
import Testing

@testable import BotHost

@Suite("What modules ask the customer")
struct InquiryTests {
    private static func inquiry(_ schema: String, message: String = "Tell me.") throws -> Inquiry {
        try Inquiry(
            JSON(
                parsing: """
                    {"resultType":"input_required","requestState":"s","inputRequests":
                    {"q":{"method":"elicitation/create","params":{"message":"\(message)","requestedSchema":\(schema)}}}}
                    """
            )
        )
    }

    @Test(
        "An answer is taken as the kind of value that is asked for, or not at all",
        arguments: [
            (#"{"type":"string"}"#, "Ada", #""Ada""#),
            (#"{"type":"integer"}"#, "42", "42"),
            (#"{"type":"integer"}"#, " 42 ", "42"),
            (#"{"type":"integer"}"#, "large", nil),
            (#"{"type":"integer"}"#, "4.5", nil),
            (#"{"type":"number"}"#, "4.50", "4.50"),
            (#"{"type":"boolean"}"#, "Yes!", "true"),
            (#"{"type":"boolean"}"#, "no, thanks", "false"),
            (#"{"type":"boolean"}"#, "perhaps", nil),
            (#"{"type":"string","enum":["Red","Blue"]}"#, "red", #""Red""#),
            (#"{"type":"string","enum":["Red","Blue"]}"#, "green", nil),
            (#"{"type":"string","maxLength":3}"#, "abcd", nil),
            (#"{"anyOf":[{"type":"integer"},{"type":"null"}]}"#, "7", "7"),
        ]
    )
    func answers(schema: String, text: String, expected: String?) throws {
        var inquiry = try Self.inquiry(#"{"type":"object","properties":{"a":\#(schema)},"required":["a"]}"#)
        let isTaken = inquiry.take(text)
        #expect(isTaken == (expected != nil))
        let responses = expected.map { #"{"q":{"action":"accept","content":{"a":\#($0)}}}"# }
        #expect(inquiry.continuation?.responses.serialized() == responses)
        #expect((inquiry.continuation == nil) == (expected == nil))
    }

    @Test("Choices within choices, 60 deep, do not double the work at every level")
    func nestedChoices() throws {
        let schema = String(repeating: #"{"anyOf":["#, count: 60) + #"{"type":"integer"}"# + String(repeating: "]}", count: 60)
        var inquiry = try Self.inquiry(#"{"type":"object","properties":{"a":\#(schema)}}"#)
        let isTaken = inquiry.take("42")
        #expect(isTaken)
    }

    @Test("Several fields are asked for one after the other, with their choices")
    func fields() throws {
        var inquiry = try Self.inquiry(
            #"{"type":"object","properties":{"b":{"type":"boolean","description":"Gift wrap"},"a":{"type":"string","enum":["S","M"]}}}"#
        )
        #expect(inquiry.prompts.map(\.text) == ["Tell me.\na? (S, M)", "Gift wrap? (yes or no)"])
        let areTaken = ["m", "yes"].map { inquiry.take($0) }
        #expect(areTaken == [true, true])
        #expect(inquiry.continuation?.responses == ["q": ["action": "accept", "content": ["a": "M", "b": true]]])
        #expect(inquiry.continuation?.state == "s")
    }

    @Test("Without fields the customer agrees or declines", arguments: [("yes", "accept"), ("No", "decline")])
    func confirmation(text: String, action: String) throws {
        var inquiry = try Self.inquiry(#"{"type":"object","properties":{}}"#)
        #expect(inquiry.prompts.map(\.text) == ["Tell me. (yes or no)"])
        let isTaken = inquiry.take(text)
        #expect(isTaken)
        #expect(inquiry.continuation?.responses["q"]?["action"] == .string(action))
    }

    @Test("More than 32 things at once are not asked for")
    func tooMany() {
        let fields = (0...32).map { #""f\#($0)":{"type":"string"}"# }.joined(separator: ",")
        #expect(throws: ModuleFailure.broken("it asks for more than 32 things at once")) {
            try Self.inquiry(#"{"type":"object","properties":{\#(fields)}}"#)
        }
    }
}
