import CAttacheModule
import Testing

@testable import ActionKit

@Suite("A native module, through its C functions")
struct NativeModuleTests {
    @Test("It lists its actions, and answers calls with the results of MCP")
    func calls() async throws {
        let caller = try NativeCaller(Module.sample.exported)
        #expect(try caller.tools == Module.sample.toolList)
        #expect(
            try await caller.call("shout", ["text": "hey", "times": 2])
                == ["content": [["type": "text", "text": "HEYHEY"]], "resultType": "complete"]
        )
        #expect(try await caller.call("list")["structuredContent"] == [1, 2])
        #expect(try await caller.call("ask")["resultType"] == "input_required")
        let context: JSON = ["contact": ["id": "c9", "attributes": [:]]]
        #expect(
            try await caller.call("context", meta: [MCP.Meta.context: context])["structuredContent"]?["contact"] == context["contact"]
        )
        try caller.close()
    }

    @Test(
        "A call that cannot be carried out is answered in words",
        arguments: [
            (#"{"name":"fail"}"#, "the stock is empty"),
            (#"{"name":"fail","arguments":{"message":"Sorry."}}"#, "Sorry."),
            (#"{"name":"crash"}"#, "the action 'crash' failed; its log says why"),
            (#"{"name":"shot"}"#, "unknown action 'shot'. Did you mean 'shout'?"),
            (#"{"name":"shout"}"#, "shout: 'text' is missing: a string"),
            (#"{}"#, "'name' is missing: which action to call"), ("[]", "'name' is missing: which action to call"),
            ("", "not valid JSON at byte 0: the text ends where a value should be"),
            ("{", "not valid JSON at byte 1: the text ends where a key in quotes should be"),
        ]
    )
    func failures(json: String, text: String) async throws {
        let caller = try NativeCaller(Module.sample.exported)
        let result = try await caller.call(json: json)
        #expect(result["isError"] == true)
        #expect(result["content"]?[0]?["text"]?.stringValue == text)
        try caller.close()
    }

    @Test("Many calls at a time are each answered once; above 64 they are refused")
    func many() async throws {
        let caller = try NativeCaller(Module.sample.exported)
        try await withThrowingTaskGroup { group in
            for number in 1...50 {
                group.addTask {
                    let result = try await caller.call("shout", ["text": .string("n\(number)")])
                    #expect(result["content"]?[0]?["text"] == .string("N\(number)"))
                }
            }
            try await group.waitForAll()
        }
        let waiting = try (1...64).map { _ in try caller.begin("wait") }
        #expect(
            try await caller.call("list")["content"]?[0]?["text"]
                == "64 calls are running already; try again when one of them is done"
        )
        for call in waiting { try caller.cancel(call) }
        while try await caller.call("list")["isError"] != nil {}
        try caller.close()
        #expect(caller.told.allSatisfy { $0.hasPrefix("progress of ") && $0.hasSuffix(": waiting") }, "no answer to a cancelled call")
    }

    @Test("After it is closed it calls its host no more, whatever runs")
    func closed() async throws {
        let caller = try NativeCaller(Module.sample.exported)
        for _ in 1...8 { try caller.begin("wait") }
        try caller.close()
        let told = caller.told
        try caller.begin("list")
        try caller.begin("no such action")
        try caller.begin("crash")
        for _ in 1...1000 { await Task.yield() }
        #expect(caller.told == told)
    }

    @Test("What goes wrong inside is in the host's log")
    func log() async throws {
        let caller = try NativeCaller(Module.sample.exported)
        _ = try await caller.call("crash")
        #expect(caller.told == ["log 3: crash: Unexpected()"])
        try caller.close()
    }

    @Test("A host of another version, or none, gets nothing")
    func versions() {
        var host = attache_host_v1(abi: 2, context: nil, finish: nil, progress: nil, log: nil)
        #expect(Module.sample.exported(to: &host) == nil)
        #expect(Module.sample.exported(to: nil) == nil)
    }
}

@Suite("The example modules, loaded as libraries")
struct ExampleModuleTests {
    /// One for all tests: a host opens a library once.
    private static let sharedLuhn = Result { try NativeCaller(library: "Luhn") }

    @Test("Shout, in Swift, has its own copy of everything and answers like any other")
    func shout() async throws {
        let shout = try NativeCaller(library: "Shout")
        #expect(try shout.tools["tools"]?[0]?["name"] == "shout")
        #expect(try await shout.call("shout", ["text": "hey", "times": 2])["content"]?[0]?["text"] == "HEY! HEY!")
        #expect(try await shout.call("shout", ["text": "hey", "times": 11])["isError"] == true)
        try shout.close()
    }

    @Test(
        "Luhn, in C, checks numbers however they are written",
        arguments: [
            ("79927398713", true), ("7992-7398 713", true), ("79927398714", false), ("97927398713", false), ("18", true), ("0", false),
            (String(repeating: "0", count: 64), true),
        ]
    )
    func check(number: String, isValid: Bool) async throws {
        let luhn = try Self.sharedLuhn.get()
        #expect(try await luhn.call("check", ["number": .string(number)])["structuredContent"] == ["valid": .bool(isValid)])
    }

    @Test("Luhn makes numbers that it finds valid", arguments: ["7992739871", "1", "0", "99-99", String(repeating: "9", count: 63)])
    func append(number: String) async throws {
        let luhn = try Self.sharedLuhn.get()
        let made = try #require(try await luhn.call("append", ["number": .string(number)])["content"]?[0]?["text"])
        #expect(try await luhn.call("check", ["number": made])["structuredContent"] == ["valid": true])
    }

    @Test(
        "Luhn refuses what is no number, and what is no call",
        arguments: [
            #"{"name":"check","arguments":{"number":"12a"}}"#, #"{"name":"check","arguments":{"number":""}}"#,
            #"{"name":"check","arguments":{"number":"1\u00002"}}"#, #"{"name":"check","arguments":{"number":18}}"#,
            #"{"name":"check"}"#, #"{"name":"chek","arguments":{"number":"18"}}"#, "{}", "[]", "", "{", #"{"name":"che"#,
            #"{"name":"append","arguments":{"number":"\#(String(repeating: "9", count: 64))"}}"#,
        ]
    )
    func refused(json: String) async throws {
        let result = try await Self.sharedLuhn.get().call(json: json)
        #expect(result["isError"] == true)
    }

    @Test("Luhn refuses what is too long, or too deep")
    func huge() async throws {
        let luhn = try Self.sharedLuhn.get()
        for huge in [#""\#(String(repeating: "9", count: 100_000))""#, String(repeating: "[", count: 100_000)] {
            #expect(try await luhn.call(json: #"{"name":"check","arguments":{"number":\#(huge)}}"#)["isError"] == true)
        }
    }

    @Test("Luhn reads past what it does not know: other members, deep values, escapes")
    func tolerant() async throws {
        let json =
            #"{"_meta":{"a":[1.5e3,{"b":[[],{}]},"\ud83d\ude00\n"]},"arguments":{"x":[true,null],"number":"\u0031\u0038"},"name":"check"}"#
        #expect(try await Self.sharedLuhn.get().call(json: json)["structuredContent"] == ["valid": true])
    }
}
