import ActionKit
import Testing

@Suite("Schemas")
struct SchemaTests {
    static let order = Schema.object([
        .required("order", .string(maxLength: 8).described("The order's number")),
        .optional("format", .string(oneOf: ["txt", "csv"]).defaulting(to: "txt")),
        .optional("copies", .integer),
        .optional("price", .number),
        .optional("gift", .boolean),
        .optional(
            "lines",
            .anyOf([.array(of: .object([.required("price", .number), .optional("quantity", .number.defaulting(to: 1))])), .string])
        ),
        .optional("tags", .object([], additional: .string)),
        .optional("note", .any),
    ])

    @Test("A value that fits has no problems")
    func valid() {
        let value: JSON = [
            "order": "1001", "format": "csv", "copies": 2, "price": 1.5, "gift": false, "lines": [["price": 1]], "tags": ["a": "b"],
            "note": [.null],
        ]
        #expect(Self.order.validate(value) == [])
        #expect(Self.order.validate(["order": "1", "lines": "{{found.lines}}"]) == [])
    }

    @Test(
        "Each problem says where and what",
        arguments: [
            ([:], "'order' is missing: a string"),
            (["order": "1", "ordr": 1], "ordr: unknown property 'ordr'. Did you mean 'order'?"),
            (
                ["order": "1", "zzz": 1],
                "zzz: unknown property 'zzz'. Known: order, format, copies, price, gift, lines, tags, note."
            ),
            (["order": 1], "order: expected a string, found the number 1"),
            (["order": "123456789"], "order: is 9 characters long; at most 8"),
            (["order": "1", "format": "cvs"], "format: \"cvs\" is not one of txt, csv. Did you mean 'csv'?"),
            (["order": "1", "format": "document"], "format: \"document\" is not one of txt, csv"),
            (["order": "1", "format": 5], "format: expected txt or csv, found the number 5"),
            (["order": "1", "copies": 1.5], "copies: expected a whole number, found the number 1.5"),
            (["order": "1", "copies": "two"], "copies: expected a whole number, found \"two\""),
            (["order": "1", "gift": "no"], "gift: expected true or false, found \"no\""),
            (["order": "1", "price": .null], "price: expected a number, found null"),
            (
                ["order": "1", "lines": [["price": 1], ["prise": 2, "price": 1]]],
                "lines[1].prise: unknown property 'prise'. Did you mean 'price'?"
            ),
            (["order": "1", "lines": [[]]], "lines[0]: expected an object, found an empty list"),
            (["order": "1", "lines": true], "lines: expected a list or a string, found true"),
            (["order": "1", "tags": ["a": ["b": 1]]], "tags.a: expected a string, found an object"),
        ] as [(JSON, String)]
    )
    func problem(value: JSON, problem: String) {
        #expect(Self.order.validate(value).map(\.description) == [problem])
    }

    @Test("All problems are listed at once, with paths that begin where the caller says")
    func allProblems() {
        let value: JSON = ["formt": "csv", "copies": "x", "lines": [["quantity": "a"], 5]]
        let problems = Self.order.validate(value, at: JSONPath() / "do" / 3 / "receipt")
        #expect(
            problems.map(\.description) == [
                "do[3].receipt: 'order' is missing: a string",
                "do[3].receipt.copies: expected a whole number, found \"x\"",
                "do[3].receipt.formt: unknown property 'formt'. Did you mean 'format'?",
                "do[3].receipt.lines[0]: 'price' is missing: a number",
                "do[3].receipt.lines[0].quantity: expected a number, found \"a\"",
                "do[3].receipt.lines[1]: expected an object, found the number 5",
            ]
        )
        #expect(problems.last?.path.elements == [.key("do"), .index(3), .key("receipt"), .key("lines"), .index(1)])
    }

    @Test("A value that is known only later is accepted wherever it stands")
    func unknownValues() {
        let value: JSON = [
            "order": ["{{x}}"], "copies": "{{x}}", "lines": [["price": "{{x}}"], ["price": "y"]], "format": "{{x}}", "oder": "{{x}}",
        ]
        let problems = Self.order.validate(value) { $0.stringValue?.contains("{{") == true }
        #expect(
            problems.map(\.description) == [
                "lines[1].price: expected a number, found \"y\"",
                "oder: unknown property 'oder'. Did you mean 'order'?",
                "order: expected a string, found a list",
            ]
        )
    }

    @Test(
        "Strings become what the schema wants where nothing is lost",
        arguments: [
            (.number, "5", 5), (.number, "01234", "01234"), (.number, "5 apples", "5 apples"), (.number, "", ""),
            (.number, " 5", " 5"), (.number, true, true), (.integer, "5", 5), (.integer, "5.5", "5.5"), (.integer, "no", "no"),
            (.boolean, "true", true), (.boolean, "false", false), (.boolean, "no", "no"), (.boolean, "True", "True"), (.boolean, "1", "1"),
            (.string, "5", "5"), (.string, "no", "no"), (.string, 5, 5), (.any, "5", "5"), (.array(of: .number), ["1", "x"], [1, "x"]),
            (.array(of: .number), "[1]", "[1]"), (.object([], additional: .number), ["a": "1"], ["a": 1]),
            (.anyOf([.number, .string]), "5", "5"), (.anyOf([.number, .boolean]), "true", true), (.anyOf([.number, .boolean]), "x", "x"),
        ] as [(Schema, JSON, JSON)]
    )
    func coercion(schema: Schema, value: JSON, expected: JSON) {
        #expect(schema.coerce(value) == expected)
    }

    @Test("A string that becomes a number keeps its text")
    func coercedText() {
        #expect(Schema.number.coerce("19.90").numberValue?.text == "19.90")
        #expect(Schema.integer.coerce("5.0").numberValue?.text == "5.0")
    }

    @Test("Coercion reaches the properties that the schema names and leaves the others")
    func nestedCoercion() {
        let value: JSON = ["order": "1001", "copies": "2", "gift": "true", "lines": [["price": "5"]], "note": "5", "other": "5"]
        #expect(
            Self.order.coerce(value)
                == ["order": "1001", "copies": 2, "gift": true, "lines": [["price": 5]], "note": "5", "other": "5"]
        )
    }

    @Test("Preparing coerces, fills in defaults and checks")
    func prepare() throws {
        #expect(
            try Self.order.prepare(["order": "1", "lines": [["price": "2"]]])
                == ["order": "1", "format": "txt", "lines": [["price": 2, "quantity": 1]]]
        )
        let mismatch = try #require(throws: SchemaMismatch.self) { try Self.order.prepare(["copies": "x"]) }
        #expect(mismatch.description == "'order' is missing: a string; copies: expected a whole number, found \"x\"")
    }

    @Test("Null for what may be left out, and cannot be null, is left out; a default takes its place")
    func nullProperty() throws {
        #expect(
            try Self.order.prepare([
                "order": "1", "format": .null, "price": .null, "note": .null, "lines": [["price": 2, "quantity": .null]],
            ])
                == ["order": "1", "format": "txt", "note": .null, "lines": [["price": 2, "quantity": 1]]]
        )
        let mismatch = try #require(throws: SchemaMismatch.self) { try Self.order.prepare(["order": .null]) }
        #expect(mismatch.description == "order: expected a string, found null")
    }

    @Test("Of very many problems the first are told, and how many more there are")
    func manyProblems() throws {
        let values = JSON.array(Array(repeating: "x", count: 1000))
        let mismatch = try #require(throws: SchemaMismatch.self) { try Schema.array(of: .number).prepare(values) }
        #expect(mismatch.problems.count == 1000)
        #expect(mismatch.description.hasSuffix("[19]: expected a number, found \"x\"; and 980 more"))
    }

    @Test("A long value is cut in the message")
    func longValue() {
        let problems = Schema.number.validate(.string(String(repeating: "x", count: 10_000)))
        #expect(problems.map(\.message) == ["expected a number, found \"\(String(repeating: "x", count: 40))…\""])
    }
}

@Suite("Schemas as JSON Schema")
struct SchemaJSONTests {
    @Test("A schema is rendered as JSON Schema 2020-12")
    func rendered() throws {
        let expected = try JSON(
            parsing: """
                {"type": "object", "additionalProperties": false, "required": ["order"], "properties": {
                  "order": {"type": "string", "maxLength": 8, "description": "The order's number"},
                  "format": {"type": "string", "enum": ["txt", "csv"], "default": "txt"},
                  "copies": {"type": "integer"}, "price": {"type": "number"}, "gift": {"type": "boolean"},
                  "lines": {"anyOf": [{"type": "array", "items": {"type": "object", "additionalProperties": false, "required": ["price"],
                    "properties": {"price": {"type": "number"}, "quantity": {"type": "number", "default": 1}}}}, {"type": "string"}]},
                  "tags": {"type": "object", "properties": {}, "additionalProperties": {"type": "string"}},
                  "note": {}}}
                """
        )
        #expect(SchemaTests.order.json == expected)
    }

    @Test("What was rendered is read back")
    func roundTrip() {
        let json = SchemaTests.order.json
        #expect(Schema(json: json).json == json)
        #expect(Schema(json: json).properties.map(\.name) == ["copies", "format", "gift", "lines", "note", "order", "price", "tags"])
    }

    @Test(
        "Schemas of other programs are read as far as they are understood",
        arguments: [
            ("true", Schema.any),
            ("{}", .any),
            (##"{"$ref": "#/$defs/x"}"##, .any),
            (#"{"type": "odd"}"#, .any),
            (#"{"type": ["string", "null"]}"#, .anyOf([.string, Schema(.null)])),
            (
                #"{"oneOf": [{"type": "integer"}, {"type": "null"}], "default": null}"#,
                .anyOf([.integer, Schema(.null)]).defaulting(to: .null)
            ),
            (#"{"const": "x"}"#, Schema(.any, allowed: ["x"])),
            (#"{"const": null}"#, Schema(.any, allowed: [.null])),
            // What others write for what they do not have.
            (#"{"type": "string", "default": null, "const": null, "enum": null, "description": null, "maxLength": null}"#, .string),
            (#"{"anyOf": null, "oneOf": [{"type": "integer"}], "type": null}"#, .anyOf([.integer])),
            (#"{"type": "array", "items": null}"#, .array(of: .any)),
            (
                #"{"type": "object", "properties": null, "required": null, "additionalProperties": null}"#,
                .object([], additional: .any)
            ),
            (#"{"enum": [1, "a", null]}"#, Schema(.any, allowed: [1, "a", .null])),
            (#"{"type": "array"}"#, .array(of: .any)),
            (#"{"type": "object"}"#, .object([], additional: .any)),
            (#"{"type": "string", "minLength": 1, "pattern": "^a", "title": "T"}"#, .string),
            (
                #"{"type":"object","properties":{"location":{"type":"string","description":"City"}},"required":["location", 5]}"#,
                .object([.required("location", .string.described("City"))], additional: .any)
            ),
        ] as [(String, Schema)]
    )
    func foreign(text: String, schema: Schema) throws {
        #expect(Schema(json: try JSON(parsing: text)) == schema)
    }

    @Test("A type that is listed twice at every level does not double the schema at every level")
    func repeatedTypes() throws {
        let levels = 60
        let text =
            String(repeating: #"{"type": ["array", "array", 7, 7], "items": "#, count: levels) + "{}"
            + String(repeating: "}", count: levels)
        #expect(Schema(json: try JSON(parsing: text)).validate([]).isEmpty)
    }

    @Test("An open object takes properties that it does not name")
    func openObject() throws {
        let schema = Schema(json: try JSON(parsing: #"{"type":"object","properties":{"a":{"type":"number"}}}"#))
        #expect(schema.validate(["a": 1, "b": "x"]) == [])
        #expect(schema.validate(["a": "x", "b": "x"]).map(\.description) == ["a: expected a number, found \"x\""])
    }
}

@Suite("The nearest name")
struct NearestTests {
    @Test(
        "A slip of the finger finds the name that was meant",
        arguments: [
            ("recipt", "receipt"), ("reciept", "receipt"), ("receiptt", "receipt"), ("Receipt", "receipt"), ("sya", "say"), ("asy", "say"),
            ("transcirpt", "transcript"), ("leav", "leave"), ("x", nil), ("", nil), ("attachment", nil), ("if", nil),
        ] as [(String, String?)]
    )
    func found(name: String, expected: String?) {
        #expect(nearest(to: name, in: ["say", "receipt", "transcript", "leave"]) == expected)
    }

    @Test("Of two equally near the first in the alphabet is taken")
    func ties() {
        #expect(nearest(to: "cat", in: ["hat", "bat"] as Set) == "bat")
    }

    @Test("There is none among none, and a huge name costs little")
    func bounds() {
        #expect(nearest(to: "say", in: []) == nil)
        #expect(nearest(to: String(repeating: "a", count: 1_000_000), in: ["say"]) == nil)
    }
}
