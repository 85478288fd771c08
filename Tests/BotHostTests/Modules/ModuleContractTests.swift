import ActionKit
import Synchronization
import Testing

@testable import BotHost

@Suite("The contract suite for modules")
struct ModuleContractTests {
    static let good: JSON = [
        "name": "greet", "description": "Greets.",
        "inputSchema": [
            "type": "object", "required": ["who"], "properties": ["who": ["type": "string", "description": "Whom"]],
        ],
    ]

    @Test("A module that keeps to the contract passes every check")
    func passes() async throws {
        let module = ScriptedModule([Self.good]) { _, arguments in try greet(arguments) }
        let checks = await checks(of: module)
        #expect(checks.map(\.verdict) == Array(repeating: .passed, count: 11), "\(checks)")
        #expect(module.calls.contains("greet"))
    }

    @Test("A module without any action fails, and one that cannot list them fails at once")
    func lists() async {
        #expect(await checks(of: ScriptedModule([]) { _, _ in [:] }).first?.verdict == .failed)
        let broken = ScriptedModule(nil) { _, _ in [:] }
        #expect(await checks(of: broken).map(\.details) == [["Lost()"]])
    }

    @Test("What a list has wrong is told for each action")
    func wrongList() async {
        let tools: [JSON] = [
            ["name": "a b", "description": "", "inputSchema": ["type": "object", "properties": ["x": [:]]]],
            ["name": "twice", "description": "D", "inputSchema": ["type": "string"]],
            ["name": "twice", "description": "D", "inputSchema": ["type": "object"]],
            [:],
        ]
        let checks = await checks(of: ScriptedModule(tools) { _, _ in throw ModuleRefusal("no") })
        #expect(checks[1].details == [#""a b" is not such a name"#, #""twice" is there twice"#, #""" is not such a name"#])
        #expect(checks[2].details.map { $0.hasSuffix("its inputSchema is not of the type object") } == [true, true])
        #expect(checks[3].verdict == .warned)
        #expect(
            checks[3].details == ["a b has no description", "a b: its parameter 'x' has no description", " has no description"]
        )
    }

    @Test(
        "What a module answers wrong is told",
        arguments: [
            ([:], "the result has no list 'content': {}"), (["content": [[:]]], "an item of 'content' has no 'type'"),
            (["content": [], "isError": true], "it was refused without a word"),
            (["content": [["type": "text", "text": " \n"]], "isError": true], "it was refused without a word"),
            (
                ["content": [["type": "text", "text": "Traceback (most recent call last):\n x"]], "isError": true],
                "the words are a stack trace: Traceback (most recent call last):\n x"
            ),
            (["resultType": "input_required"], "it asks for input, and 'inputRequests' has no question"),
        ] as [(JSON, String)]
    )
    func wrongAnswers(result: JSON, problem: String) async {
        let checks = await checks(of: ScriptedModule([Self.good]) { _, _ in result })
        #expect(checks[4].verdict == .failed)
        #expect(checks[4].details == ["greet: \(problem)"])
    }

    @Test("A question is an answer")
    func question() async {
        let result: JSON = ["resultType": "input_required", "inputRequests": ["q": ["method": "elicitation/create"]]]
        #expect(await checks(of: ScriptedModule([Self.good]) { _, _ in result })[4].verdict == .passed)
    }

    @Test("A module that carries out what it had to refuse fails, and so does one that dies of a long text")
    func tooWilling() async {
        let answer: JSON = ["content": [["type": "text", "text": "done"]]]
        let module = ScriptedModule([Self.good]) { _, arguments in
            if (arguments["who"]?.stringValue?.count ?? 0) > 1000 { throw ScriptedModule.Lost() }
            return answer
        }
        let failed = await checks(of: module).filter { $0.verdict == .failed }
        #expect(
            failed.map(\.details) == [
                [#"greet: it was carried out: {"content":[{"text":"done","type":"text"}]}"#],
                ["greet: a text of 100 KiB: no answer: Lost()"],
                [#"it was carried out: {"content":[{"text":"done","type":"text"}]}"#],
            ]
        )
    }

    @Test("What says that it is destructive is not called")
    func destructive() async {
        var tool = Self.good
        tool["annotations"] = ["destructiveHint": true]
        let module = ScriptedModule([tool]) { _, _ in throw ModuleRefusal("no") }
        let checks = await checks(of: module)
        #expect(module.calls == ["no-such-action"])
        #expect(checks.count { $0.verdict == .skipped } == 6)
        #expect(!checks.contains { $0.verdict == .failed })
    }

    private func checks(of module: ScriptedModule) async -> [ContractCheck] {
        var checks: [ContractCheck] = []
        let hasPassed = await ModuleContract(module).check { checks.append($0) }
        #expect(hasPassed == !checks.contains { $0.verdict == .failed })
        return checks
    }

    private func greet(_ arguments: JSON) throws -> JSON {
        guard let who = arguments["who"]?.stringValue, !who.isEmpty else { throw ModuleRefusal("'who' is missing") }
        return ["content": [["type": "text", "text": .string("Hello, \(who)")]]]
    }
}

/// A carrier whose module is a function.
private final class ScriptedModule: ModuleUnderTest {
    struct Lost: Error {}

    private let list: [JSON]?
    private let answer: @Sendable (String, JSON) throws -> JSON
    private let called = Mutex<[String]>([])

    init(_ list: [JSON]?, _ answer: @escaping @Sendable (String, JSON) throws -> JSON) {
        self.list = list
        self.answer = answer
    }

    var calls: [String] { called.withLock { $0 } }

    func tools() async throws -> [JSON] {
        guard let list else { throw Lost() }
        return list
    }

    func call(_ action: String, _ arguments: JSON) async throws -> JSON {
        called.withLock { $0.append(action) }
        guard list?.contains(where: { $0["name"]?.stringValue == action }) == true || action == "no-such-action" else { throw Lost() }
        return try answer(action, arguments)
    }
}

@Suite("Arguments made from a schema")
struct SampleArgumentsTests {
    @Test(
        "They fit, as far as the schema is understood",
        arguments: [
            ("{}", "{}"),
            (#"{"required":["a"],"properties":{"a":{"type":"string"},"b":{"type":"string"}}}"#, #"{"a":"sample"}"#),
            (#"{"required":["a"],"properties":{"a":{"type":"string","maxLength":3}}}"#, #"{"a":"sam"}"#),
            (#"{"required":["a"],"properties":{"a":{"type":"string","minLength":8}}}"#, #"{"a":"samplexx"}"#),
            (#"{"required":["a"],"properties":{"a":{"type":"string","enum":["x","y"]}}}"#, #"{"a":"x"}"#),
            (#"{"required":["a"],"properties":{"a":{"type":"string","format":"date"}}}"#, #"{"a":"2026-01-02"}"#),
            (#"{"required":["a"],"properties":{"a":{"type":"integer","minimum":7}}}"#, #"{"a":7}"#),
            (#"{"required":["a"],"properties":{"a":{"type":"integer","maximum":0}}}"#, #"{"a":0}"#),
            (#"{"required":["a"],"properties":{"a":{"type":"integer","exclusiveMinimum":4}}}"#, #"{"a":5}"#),
            (#"{"required":["a"],"properties":{"a":{"type":["boolean","null"]}}}"#, #"{"a":true}"#),
            (#"{"required":["a"],"properties":{"a":{"anyOf":[{"type":"number"},{"type":"null"}]}}}"#, #"{"a":1.5}"#),
            (#"{"required":["a"],"properties":{"a":{"type":"array","items":{"type":"boolean"},"minItems":2}}}"#, #"{"a":[true,true]}"#),
            (#"{"required":["a"],"properties":{"a":{"type":"array"}}}"#, #"{"a":["sample"]}"#),
            (
                ##"{"required":["a"],"properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"object","required":["n"]}}}"##,
                #"{"a":{"n":"sample"}}"#
            ),
            (##"{"required":["a"],"properties":{"a":{"$ref":"#/$defs/nothing"}}}"##, #"{"a":"sample"}"#),
            (#"{"required":[5,"a"],"properties":5}"#, #"{"a":"sample"}"#),
            ("5", "{}"),
        ]
    )
    func samples(schema: String, arguments: String) throws {
        #expect(try SampleArguments.arguments(for: JSON(parsing: schema)) == JSON(parsing: arguments))
    }

    @Test("A schema that contains itself ends")
    func recursion() throws {
        let schema =
            ##"{"required":["a"],"properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"object","required":["x"],"##
            + ##""properties":{"x":{"$ref":"#/$defs/x"}}}}}"##
        #expect(try SampleArguments.arguments(for: JSON(parsing: schema))["a"] != nil)
        let huge = ##"{"required":["a"],"properties":{"a":{"type":"array","minItems":1000000000,"items":{"type":"integer"}}}}"##
        #expect(try SampleArguments.arguments(for: JSON(parsing: huge))["a"]?.arrayValue?.count == 16)
        let wide =
            ##"{"required":["a"],"properties":{"a":{"$ref":"#/$defs/x"}},"$defs":{"x":{"type":"array","minItems":16,"##
            + ##""items":{"$ref":"#/$defs/x"}}}}"##
        #expect(try SampleArguments.arguments(for: JSON(parsing: wide)).serialized().count < 100_000)
    }
}
