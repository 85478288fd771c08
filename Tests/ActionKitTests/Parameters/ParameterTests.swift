import ActionKit
import FoundationEssentials
import Testing

@Suite("Typed parameters")
struct ParameterTests {
    enum Size: String, CaseIterable, ParameterValue {
        case small
        case large
    }

    struct Line: ParameterObject, Equatable {
        let text: String
        let quantity: Int
        let size: Size?

        static let shape = Shape(
            Line.init,
            Parameter("text", String.self, "What was bought"),
            Parameter("quantity", Int.self, "How many", default: 1),
            Parameter("size", Size?.self, "How large")
        )
    }

    @Test("An action's schema is made of its parameters")
    func schema() throws {
        let action = Action(
            "order",
            "Orders.",
            Parameter("id", String.self, "Its number", .string(maxLength: 20)),
            Parameter("price", Decimal.self, "Of one"),
            Parameter("size", Size.self, "How large", default: .small),
            Parameter("note", String?.self, "For the kitchen"),
            Parameter("tags", [String].self, "Any", default: ["a"]),
            Parameter("lines", [Line].self, "What"),
            readOnly: true
        ) { _, _, _, _, _, _, _ in .value(.null) }
        #expect(
            try action.parameters.json
                == JSON(
                    parsing: """
                        {"type": "object", "additionalProperties": false, "required": ["id", "price", "lines"], "properties": {
                          "id": {"type": "string", "maxLength": 20, "description": "Its number"},
                          "price": {"type": "number", "description": "Of one"},
                          "size": {"type": "string", "enum": ["small", "large"], "default": "small", "description": "How large"},
                          "note": {"type": "string", "description": "For the kitchen"},
                          "tags": {"type": "array", "items": {"type": "string"}, "default": ["a"], "description": "Any"},
                          "lines": {"type": "array", "description": "What", "items": {
                            "type": "object", "additionalProperties": false, "required": ["text"], "properties": {
                              "text": {"type": "string", "description": "What was bought"},
                              "quantity": {"type": "integer", "default": 1, "description": "How many"},
                              "size": {"type": "string", "enum": ["small", "large"], "description": "How large"}}}}}}
                        """
                )
        )
        #expect(action.idempotent, "what changes nothing may be repeated")
    }

    @Test("The body gets values in the order of the parameters, with defaults where there are none")
    func values() async throws {
        let action = Action(
            "order",
            "Orders.",
            Parameter("a", String.self, "", default: "x"),
            Parameter("b", Int.self, ""),
            Parameter("c", [String: Double].self, "", default: [:]),
            Parameter("d", Bool?.self, ""),
            Parameter("e", Line?.self, ""),
            Parameter("f", JSON.self, "", default: .null)
        ) { a, b, c, d, e, f, _ in
            .text("\(a) \(b) \(c) \(d.map(String.init) ?? "-") \(e.map { "\($0.text)*\($0.quantity)" } ?? "-") \(f)")
        }
        #expect(try await action.call(["b": "2"], in: .empty).value == "x 2 [:] - - null")
        #expect(
            try await action.call(["a": "y", "b": 5.0, "c": ["k": 1.5], "d": "true", "e": ["text": "t"], "f": [1]], in: .empty).value
                == #"y 5 ["k": 1.5] true t*1 [1]"#
        )
    }

    @Test("An action without parameters takes none")
    func none() async throws {
        let action = Action("now", "Tells the time.") { context in .text("\(context.now.timeIntervalSince1970)") }
        #expect(try await action.call([:], in: .empty).value == "0.0")
        let error = await #expect(throws: ActionError.self) { try await action.call(["x": 1], in: .empty) }
        #expect(error?.reason == "now: x: unknown property 'x'. None is expected.")
    }

    @Test("An action's parameters may be the properties of a type")
    func object() async throws {
        let action = Action("add", "Adds a line.", parameters: Line.self) { line, _ in .text("\(line.text)*\(line.quantity)") }
        #expect(action.parameters == Line.schema)
        #expect(try await action.call(["text": "Tea", "quantity": 3, "size": "large"], in: .empty).value == "Tea*3")
    }

    @Test(
        "What the schema accepts and the type cannot hold is refused with its place",
        arguments: [
            ("int", "1e30", "int: the number 1e30 is beyond -9223372036854775808 to 9223372036854775807"),
            ("double", "1e999", "double: the number 1e999 is beyond what a binary number of 64 bits holds"),
            ("decimal", "1e999", "decimal: the number 1e999 is beyond 38 significant digits"),
        ]
    )
    func tooLarge(name: String, number: String, reason: String) async throws {
        let action = Action(
            "count",
            "Counts.",
            Parameter("int", Int?.self, ""),
            Parameter("double", Double?.self, ""),
            Parameter("decimal", Decimal?.self, "")
        ) { _, _, _, _ in .value(.null) }
        let value = try #require(JSONNumber(exactly: number))
        let error = await #expect(throws: ActionError.self) { try await action.call([name: .number(value)], in: .empty) }
        #expect(error?.reason == reason)
    }

    @Test("A value of another kind is refused by every type, also where nobody has checked it before")
    func otherKinds() {
        #expect(throws: ActionError("expected a string, found null")) { try String(json: .null) }
        #expect(throws: ActionError("expected true or false, found \"yes\"")) { try Bool(json: "yes") }
        #expect(throws: ActionError("expected a whole number, found \"5\"")) { try Int(json: "5") }
        #expect(throws: ActionError("expected a number, found true")) { try Double(json: true) }
        #expect(throws: ActionError("expected a number, found a list")) { try Decimal(json: [1]) }
        #expect(throws: ActionError("expected a list, found an object")) { try [Int](json: [:]) }
        #expect(throws: ActionError("expected an object, found an empty list")) { try [String: Int](json: []) }
        #expect(throws: ActionError("expected an object, found \"x\"")) { try Line(json: "x") }
        #expect(throws: ActionError("\"smal\" is not one of small, large. Did you mean 'small'?")) { try Size(json: "smal") }
    }

    @Test("Money is exact")
    func decimals() throws {
        #expect(try Decimal(json: .number(#require(JSONNumber(exactly: "19.90")))) == Decimal(string: "19.9"))
    }

    @Test("An open object takes properties that it does not name, and ignores them")
    func open() throws {
        struct Row: ParameterObject {
            let id: Int
            static let shape = Shape(Row.init, Parameter("id", Int.self, ""), isOpen: true)
        }
        #expect(Row.schema.validate(["id": 1, "other": true]) == [])
        #expect(try Row(json: ["id": 1, "other": true]).id == 1)
    }
}
