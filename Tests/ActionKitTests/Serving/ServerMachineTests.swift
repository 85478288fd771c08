import Testing

@testable import ActionKit

@Suite("A module's server, message by message")
struct ServerMachineTests {
    // MARK: Both eras

    @Test("In the modern way a server is discovered, and every request says its revision")
    func modern() throws {
        var talk = Talk()
        #expect(
            try talk.ask("server/discover", Talk.modern)
                == JSON(
                    parsing: """
                        {"resultType": "complete", "supportedVersions": ["2026-07-28"], "capabilities": {"tools": {}},
                         "_meta": {"io.modelcontextprotocol/serverInfo": {"name": "sample", "version": "2.1.0"}},
                         "ttlMs": 3600000, "cacheScope": "public"}
                        """
                )
        )
        let list = try talk.ask("tools/list", Talk.modern)
        #expect(list["resultType"] == "complete")
        #expect(list["tools"] == Module.sample.toolList["tools"])
        let call = try talk.start(
            "tools/call",
            ["name": "shout", "arguments": ["text": "hey", "times": "2"], "_meta": Talk.modern["_meta"] ?? .null]
        )
        #expect(call.name == "shout")
        #expect(
            talk.machine.finish(1, .result(.text("HEY")))?.json["result"]
                == ["content": [["type": "text", "text": "HEY"]], "resultType": "complete"]
        )
    }

    @Test(
        "In the legacy way a server is initialised, with its own revision where it does not know the client's",
        arguments: [
            ("2025-11-25", "2025-11-25"), ("2024-11-05", "2024-11-05"), ("1900-01-01", "2025-11-25"), (nil, "2025-11-25"),
        ] as [(String?, String)]
    )
    func legacy(requested: String?, answered: String) throws {
        var talk = Talk()
        let result = try talk.ask("initialize", ["protocolVersion": requested.map(JSON.string) ?? .null, "capabilities": [:]])
        #expect(
            result == [
                "protocolVersion": .string(answered), "capabilities": ["tools": [:]],
                "serverInfo": ["name": "sample", "version": "2.1.0"],
            ]
        )
        #expect(talk.receive(#"{"jsonrpc":"2.0","method":"notifications/initialized"}"#) == [])
        #expect(try talk.ask("ping", [:]) == [:])
        #expect(try talk.ask("tools/list", [:]) == Module.sample.toolList)
        _ = try talk.start("tools/call", ["name": "list"])
        #expect(talk.machine.finish(1, .result(.value([1])))?.json["result"] == ["content": [["type": "text", "text": "[1]"]]])
    }

    @Test(
        "What cannot be answered is refused, with the code that says why",
        arguments: [
            ("resources/list", [:], -32601, "there is no method 'resources/list'"),
            ("tools/list", ["cursor": "2"], -32602, "unknown cursor; the list has one page"),
            ("tools/list", ["_meta": [MCP.Meta.protocolVersion: "1900-01-01"]], -32022, "Unsupported protocol version"),
            ("tools/call", ["_meta": [MCP.Meta.protocolVersion: 5]], -32022, "Unsupported protocol version"),
            ("tools/call", [:], -32602, "'name' is missing: which action to call"),
            ("tools/call", ["name": "shot"], -32602, "unknown action 'shot'. Did you mean 'shout'?"),
            ("tools/call", ["name": "", "arguments": [:]], -32602, "unknown action ''"),
            ("tools/call", ["name": "shout"], -32602, "shout: 'text' is missing: a string"),
            (
                "tools/call", ["name": "shout", "arguments": ["txt": 1, "times": 1.5]], -32602,
                "shout: 'text' is missing: a string; times: expected a whole number, found the number 1.5; "
                    + "txt: unknown property 'txt'. Did you mean 'text'?"
            ),
        ] as [(String, JSON, Int, String)]
    )
    func refused(method: String, params: JSON, code: Int, problem: String) throws {
        var talk = Talk()
        let answers = talk.receive(RPCMessage.request(id: "r", method: method, params: params).json.serialized())
        let error = try #require(answers.first?["error"])
        #expect(answers.count == 1)
        #expect(answers.first?["id"] == "r")
        #expect(error["code"]?.intValue == code)
        #expect(error["message"]?.stringValue == problem)
    }

    @Test("A client that speaks of another revision is told which one there is")
    func versions() {
        var talk = Talk()
        let params: JSON = ["_meta": [MCP.Meta.protocolVersion: "1900-01-01"]]
        let answers = talk.receive(RPCMessage.request(id: 1, method: "server/discover", params: params).json.serialized())
        #expect(answers.first?["error"]?["data"] == ["supported": ["2026-07-28"], "requested": "1900-01-01"])
    }

    @Test("Rubbish is answered, once each, and harms nothing")
    func rubbish() throws {
        var talk = Talk()
        for line in ["x", "[]", "{}", #"{"jsonrpc":"2.0","id":{}}"#, "\u{0}", #"{"jsonrpc":"2.0","id":1}"#] {
            #expect(talk.receive(line).count == 1)
        }
        #expect(talk.receive(line: .tooLong(limit: 10)).map { $0["error"]?["message"] } == ["the line is longer than 10 bytes"])
        for line in [
            #"{"jsonrpc":"2.0","method":"notifications/other"}"#, #"{"jsonrpc":"2.0","method":"tools/call","params":{"name":"list"}}"#,
            #"{"jsonrpc":"2.0","id":99,"result":{}}"#, #"{"jsonrpc":"2.0","id":99,"error":{"code":1}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":99}}"#,
            #"{"jsonrpc":"2.0","method":"notifications/cancelled"}"#,
        ] {
            #expect(talk.receive(line) == [], "no answer to a notification, or to an answer that nobody waits for")
        }
        #expect(try talk.ask("ping", [:]) == [:])
    }

    // MARK: Calls

    @Test("Calls run side by side, and each answer has the id of its request")
    func sideBySide() throws {
        var talk = Talk()
        for id in ["a", "b"] { try talk.start("tools/call", ["name": "list"], id: .string(id)) }
        #expect(talk.machine.finish(2, .result(.text("two")))?.json["id"] == "b")
        #expect(talk.machine.finish(1, .failed(ActionError("no")))?.json["id"] == "a")
        #expect(talk.machine.finish(1, .result(.text("again"))) == nil, "a call is answered once")
    }

    @Test("An id in use, and a call above the limit, are refused")
    func limits() throws {
        var talk = Talk(limit: 2)
        try talk.start("tools/call", ["name": "list"], id: 1)
        #expect(talk.receive(Talk.call("list", id: 1)).first?["error"]?["message"] == "a call with this id is running already")
        try talk.start("tools/call", ["name": "list"], id: 2)
        #expect(
            talk.receive(Talk.call("list", id: 3)).first?["error"] == [
                "code": -32000, "message": "2 calls are running already; try again when one of them is done",
            ]
        )
        _ = talk.machine.finish(1, .result(.value(.null)))
        try talk.start("tools/call", ["name": "list"], id: 1)
    }

    @Test("A cancelled call is called off, and not answered")
    func cancelled() throws {
        var talk = Talk()
        try talk.start("tools/call", ["name": "wait", "_meta": ["progressToken": 7]], id: "w")
        let cancellation = #"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"w","reason":"bored"}}"#
        #expect(talk.receive(cancellation) == [["cancel": 1]])
        #expect(talk.receive(cancellation) == [])
        #expect(talk.machine.progress(1, "late") == nil)
        #expect(talk.machine.finish(1, .result(.text("late"))) == nil)
        #expect(talk.machine.finish(1, .cancelled) == nil)
    }

    @Test("Progress grows, and is told only to those who asked")
    func progress() throws {
        var talk = Talk()
        try talk.start("tools/call", ["name": "wait", "_meta": ["progressToken": "t"]], id: 1)
        try talk.start("tools/call", ["name": "wait"], id: 2)
        #expect(
            talk.machine.progress(1, "half")?.json == [
                "jsonrpc": "2.0", "method": "notifications/progress",
                "params": ["progressToken": "t", "progress": 1, "message": "half"],
            ]
        )
        #expect(talk.machine.progress(1, nil)?.json["params"] == ["progressToken": "t", "progress": 2])
        #expect(talk.machine.progress(2, "half") == nil)
        #expect(talk.machine.progress(3, "half") == nil)
    }

    @Test("A client that writes null for what it has not said has said nothing: no revision, no token for progress, no cursor, no argument")
    func null() throws {
        var talk = Talk()
        let meta: JSON = [MCP.Meta.protocolVersion: .null, MCP.Meta.context: .null, "progressToken": .null]
        #expect(try talk.ask("tools/list", ["cursor": .null, "_meta": meta]) == Module.sample.toolList)
        try talk.start("tools/call", ["name": "shout", "arguments": ["text": "hey", "times": .null], "_meta": meta])
        #expect(talk.machine.progress(1, "half") == nil)
        #expect(talk.receive(#"{"jsonrpc":"2.0","id":5,"method":"ping","params":null}"#) == [["jsonrpc": "2.0", "id": 5, "result": [:]]])
    }

    @Test("Each request of a batch is answered, as revision 2025-03-26 has it")
    func batch() {
        var talk = Talk()
        let line =
            #"[{"jsonrpc":"2.0","id":1,"method":"ping"}, {"jsonrpc":"2.0","method":"notifications/x"}, 5, {"jsonrpc":"2.0","id":2,"method":"ping"}]"#
        #expect(talk.receive(line).map { $0["id"] } == [1, .null, 2])
    }

    // MARK: Questions

    private let question = ActionQuestion("Which order?", [.required("order", .string)], state: "s1")

    @Test("In the modern way a question is the result, and the answer comes with the next call")
    func modernQuestion() throws {
        var talk = Talk()
        try talk.start("tools/call", ["name": "ask", "_meta": Talk.modern["_meta"] ?? .null])
        let result = talk.machine.finish(1, .result(.ask(question)))?.json["result"]
        #expect(result?["resultType"] == "input_required")
        let call = try talk.start(
            "tools/call",
            [
                "name": "ask", "requestState": "s1", "_meta": Talk.modern["_meta"] ?? .null,
                "inputResponses": ["question": ["action": "accept", "content": ["order": "1001"]]],
            ],
            id: "another"
        )
        #expect(call.answers == ["order": "1001"])
        #expect(call.state == "s1")
    }

    @Test(
        "In the legacy way a question is a request to the client, and the call goes on with its answer",
        arguments: [
            (#""result":{"action":"accept","content":{"order":"1001"}}"#, ["order": "1001"]),
            (#""result":{"action":"decline"}"#, [:]), (#""result":5"#, [:]), (#""error":{"code":-1,"message":"no"}"#, [:]),
        ] as [(String, [String: JSON])]
    )
    func legacyQuestion(answer: String, answers: [String: JSON]) throws {
        var talk = Talk()
        _ = try talk.ask("initialize", ["protocolVersion": "2025-11-25", "capabilities": ["elicitation": ["form": [:]]]])
        try talk.start("tools/call", ["name": "ask"], id: "c")
        let request = try #require(talk.machine.finish(1, .result(.ask(question)))?.json)
        #expect(request["method"] == "elicitation/create")
        #expect(request["params"]?["message"] == "Which order?")
        let id = try #require(request["id"])
        #expect(talk.receive(#"{"jsonrpc":"2.0","id":\#(id),\#(answer)}"#) == [["start": "ask"]])
        #expect(talk.started?.answers == answers)
        #expect(talk.started?.state == "s1")
        #expect(talk.receive(#"{"jsonrpc":"2.0","id":\#(id),\#(answer)}"#) == [], "an answer counts once")
        #expect(talk.machine.finish(1, .result(.text("done")))?.json["id"] == "c")
    }

    @Test("A question that is not answered yet can be cancelled")
    func cancelledQuestion() throws {
        var talk = Talk()
        _ = try talk.ask("initialize", ["capabilities": ["elicitation": [:]]])
        try talk.start("tools/call", ["name": "ask"], id: "c")
        let id = try #require(talk.machine.finish(1, .result(.ask(question)))?.json["id"])
        #expect(talk.receive(#"{"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"c"}}"#) == [["cancel": 1]])
        #expect(talk.receive(#"{"jsonrpc":"2.0","id":\#(id),"result":{"action":"accept","content":{}}}"#) == [])
    }

    @Test("A client that cannot ask gets an error that says so")
    func noElicitation() throws {
        var talk = Talk()
        try talk.start("tools/call", ["name": "ask"])
        let result = talk.machine.finish(1, .result(.ask(question)))?.json["result"]
        #expect(result?["isError"] == true)
        #expect(
            result?["content"]?[0]?["text"]
                == "ask has a question for a person, and this client cannot put it: it has no 'elicitation'"
        )
    }
}

/// A client that talks to the machine, and notes what it is told to do.
private struct Talk {
    static let modern: JSON = ["_meta": [MCP.Meta.protocolVersion: .string(MCP.modernVersion), MCP.Meta.clientCapabilities: [:]]]

    var machine: ServerMachine
    /// The last call that was started.
    var started: ToolCall?
    private var lastID = 0

    init(limit: Int = 8) {
        machine = ServerMachine(module: .sample, limit: limit)
    }

    static func call(_ name: String, id: JSON) -> String {
        RPCMessage.request(id: id, method: "tools/call", params: ["name": .string(name)]).json.serialized()
    }

    /// The result of a request.
    mutating func ask(_ method: String, _ params: JSON) throws -> JSON {
        lastID += 1
        let id = JSON.number(JSONNumber(lastID))
        let answers = receive(RPCMessage.request(id: id, method: method, params: params).json.serialized())
        #expect(answers.count == 1)
        #expect(answers.first?["id"] == id)
        return try #require(answers.first?["result"], "\(answers)")
    }

    /// The call that a request starts.
    @discardableResult
    mutating func start(_ method: String, _ params: JSON, id: JSON = "call") throws -> ToolCall {
        started = nil
        let effects = receive(RPCMessage.request(id: id, method: method, params: params).json.serialized())
        #expect(effects == [["start": params["name"] ?? .null]])
        return try #require(started)
    }

    mutating func receive(_ line: String) -> [JSON] { receive(line: .complete(Array(line.utf8))) }

    mutating func receive(line: LineSplitter.Line) -> [JSON] {
        machine.receive(line).map { effect in
            switch effect {
            case .send(let message):
                return message.json
            case .start(let call, _):
                started = call.call
                return ["start": .string(call.action.name)]
            case .cancel(let number):
                return ["cancel": .number(JSONNumber(Int(number)))]
            }
        }
    }
}
