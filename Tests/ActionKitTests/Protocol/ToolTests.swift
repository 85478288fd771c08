import FoundationEssentials
import Testing

@testable import ActionKit

@Suite("Actions as MCP's tools")
struct ToolTests {
    @Test("An action is an entry of the list")
    func entry() throws {
        #expect(
            try Module.sample[action: "shout"]?.tool
                == JSON(
                    parsing:
                        """
                        {"name": "shout", "description": "Says it louder.", "annotations": {"idempotentHint": true, "readOnlyHint": true},
                         "inputSchema": {"type": "object", "additionalProperties": false, "required": ["text"], "properties": {
                           "text": {"type": "string", "description": "What to say"},
                           "times": {"type": "integer", "description": "How often", "default": 1}}}}
                        """
                )
        )
        #expect(Module.sample[action: "ask"]?.tool["annotations"] == ["idempotentHint": true])
        #expect(Module.sample[action: "list"]?.tool["annotations"] == nil)
    }

    @Test(
        "A call is read",
        arguments: [
            (#"{"name":"x"}"#, [:], nil, nil),
            (#"{"name":"x","arguments":null,"_meta":null,"inputResponses":null,"requestState":null}"#, [:], nil, nil),
            (#"{"name":"x","arguments":{"a":1},"_meta":{}}"#, ["a": 1], nil, nil),
            (#"{"name":"x","inputResponses":{"q":{"action":"accept","content":{"o":"1"}}},"requestState":"s"}"#, [:], ["o": "1"], "s"),
            (#"{"name":"x","inputResponses":{"q":{"action":"decline","content":{"o":"1"}}}}"#, [:], [:], nil),
            (#"{"name":"x","inputResponses":{"q":5,"r":{"action":"accept"}}}"#, [:], [:], nil),
            (#"{"name":"x","inputResponses":[],"requestState":"s"}"#, [:], [:], "s"),
            (#"{"name":"x","inputResponses":[],"requestState":5}"#, [:], nil, nil),
        ] as [(String, [String: JSON], [String: JSON]?, String?)]
    )
    func call(text: String, arguments: [String: JSON], answers: [String: JSON]?, state: String?) throws {
        let call = try ToolCall(params: JSON(parsing: text))
        #expect(call.arguments == arguments)
        #expect(call.answers == answers)
        #expect(call.state == state)
    }

    @Test(
        "A call that cannot be read is refused",
        arguments: [
            ("{}", "'name' is missing: which action to call"), (#"{"name":5}"#, "'name' is missing: which action to call"),
            (#"{"name":"x","arguments":[]}"#, "'arguments' is not an object"),
        ]
    )
    func refused(text: String, problem: String) throws {
        #expect(throws: RPCError.invalidParams(problem)) { try ToolCall(params: JSON(parsing: text)) }
    }

    @Test("The context arrives as it was sent")
    func context() throws {
        let sent = ActionContext(
            contact: .init(id: "c1", attributes: ["tier": "gold"]),
            participant: .init(id: "p1", role: "CUSTOM_BOT", displayName: "Receipts"),
            variables: ["order": "1001"],
            idempotencyKey: "k",
            now: Date(timeIntervalSince1970: 1_767_348_672.345),
            spool: "/tmp/spool",
            transcript: { [] }
        )
        #expect(
            try sent.meta
                == JSON(
                    parsing:
                        """
                        {"contact": {"id": "c1", "attributes": {"tier": "gold"}},
                         "participant": {"id": "p1", "role": "CUSTOM_BOT", "displayName": "Receipts"},
                         "variables": {"order": "1001"}, "idempotencyKey": "k", "now": "2026-01-02T10:11:12.345Z", "timeZone": "GMT",
                         "spool": "/tmp/spool"}
                        """
                )
        )
        let received = try received(sent.meta)
        #expect(received.meta == sent.meta)
        #expect(received.contact == sent.contact)
        #expect(received.participant == sent.participant)
    }

    @Test(
        "A context that is missing, or odd in a part, is empty there",
        arguments: [
            "{}", "null", "5",
            #"{"contact":5,"participant":[],"variables":"x","idempotencyKey":1,"now":"yesterday","timeZone":"Nowhere/At/All","spool":"../x"}"#,
            #"{"contact":{"id":1,"attributes":{"a":1}}}"#,
        ]
    )
    func oddContext(text: String) throws {
        let context = try received(JSON(parsing: text))
        #expect(context.contact == .init(id: nil))
        #expect(context.participant == .init(id: nil, role: "", displayName: ""))
        #expect(context.variables == [:])
        #expect(context.idempotencyKey == nil)
        #expect(context.now == Date(timeIntervalSince1970: 7))
        #expect(context.timeZone == .gmt)
        #expect(context.spool == FileManager.default.temporaryDirectory.path)
    }

    @Test("Whole seconds are a time as well")
    func wholeSeconds() throws {
        #expect(try received(["now": "2026-01-02T10:11:12Z"]).now == Date(timeIntervalSince1970: 1_767_348_672))
    }

    private func received(_ meta: JSON) throws -> ActionContext {
        let call = try ToolCall(params: ["name": "x", "_meta": [MCP.Meta.context: meta]])
        return ActionContext(of: call, now: Date(timeIntervalSince1970: 7), progress: { _ in }, log: { _, _ in })
    }
}

@Suite("Results as MCP has them")
struct ToolResultTests {
    @Test(
        "A value is a text, and what it is besides",
        arguments: [
            (.null, "[]", nil, nil),
            ("Hello", #"[{"type":"text","text":"Hello"}]"#, nil, nil),
            (["a": 1], #"[{"type":"text","text":"{\"a\":1}"}]"#, ["a": 1], ["a": 1]),
            ([1, 2], #"[{"type":"text","text":"[1,2]"}]"#, [1, 2], nil),
            (5, #"[{"type":"text","text":"5"}]"#, 5, nil),
            (false, #"[{"type":"text","text":"false"}]"#, false, nil),
        ] as [(JSON, String, JSON?, JSON?)]
    )
    func values(value: JSON, content: String, modern: JSON?, legacy: JSON?) throws {
        let result = ActionResult.value(value)
        #expect(try result.toolResult(in: .modern)["content"] == JSON(parsing: content))
        #expect(result.toolResult(in: .modern)["structuredContent"] == modern)
        #expect(result.toolResult(in: .modern)["resultType"] == "complete")
        #expect(result.toolResult(in: .legacy)["structuredContent"] == legacy, "before 2026 it had to be an object")
        #expect(result.toolResult(in: .legacy)["resultType"] == nil)
    }

    @Test("A small file is inside of the result, one on disk is linked")
    func files() throws {
        let result = ActionResult.files(
            [
                GeneratedFile(name: "r 1/é.txt", text: "Hi"),
                GeneratedFile(name: "r.pdf", contentType: "application/pdf", content: .path("/tmp/a b/%é.pdf")),
            ],
            value: "done"
        )
        #expect(
            try result.toolResult(in: .modern)["content"]
                == JSON(
                    parsing:
                        """
                        [{"type": "text", "text": "done"},
                         {"type": "resource", "resource": {"uri": "attache:///r%201%2F%C3%A9.txt", "mimeType": "text/plain", "blob": "SGk="}},
                         {"type": "resource_link", "uri": "file:///tmp/a%20b/%25%C3%A9.pdf", "name": "r.pdf", "mimeType": "application/pdf"}]
                        """
                )
        )
    }

    @Test("A question is what the person is asked, and what the module wants back")
    func question() throws {
        let question = ActionQuestion("Which order?", [.required("order", .string), .optional("gift", .boolean)], state: "s")
        #expect(
            try ActionResult.ask(question).toolResult(in: .modern)
                == JSON(
                    parsing:
                        """
                        {"resultType": "input_required", "requestState": "s", "inputRequests": {"question": {"method": "elicitation/create",
                         "params": {"mode": "form", "message": "Which order?", "requestedSchema": {"type": "object", "required": ["order"],
                         "properties": {"order": {"type": "string"}, "gift": {"type": "boolean"}}}}}}}
                        """
                )
        )
        #expect(ActionResult.ask(ActionQuestion("Sure?")).toolResult(in: .modern)["requestState"] == nil)
    }

    @Test("A failure is what the person may read, else the reason")
    func failure() throws {
        #expect(
            try ActionError("no stock", message: "Sorry.").toolResult(in: .legacy)
                == JSON(parsing: #"{"content": [{"type": "text", "text": "Sorry."}], "isError": true}"#)
        )
        #expect(ActionError("no stock", message: "").toolResult(in: .legacy)["content"]?[0]?["text"] == "no stock")
        #expect(
            try ActionError("no stock").toolResult(in: .modern)
                == JSON(parsing: #"{"content": [{"type": "text", "text": "no stock"}], "isError": true, "resultType": "complete"}"#)
        )
    }

    @Test("Files are put where the caller takes them: small ones stay, others go to the spool folder")
    func settling() async throws {
        let folder = FileManager.default.temporaryDirectory.appending(path: "kit-\(UUID().uuidString)")
        let spool = folder.appending(path: "spool")
        try FileManager.default.createDirectory(at: spool, withIntermediateDirectories: true)
        defer { try? FileManager.default.removeItem(at: folder) }
        let elsewhere = folder.appending(path: "elsewhere.txt")
        try Data("elsewhere".utf8).write(to: elsewhere)
        let large = [UInt8](repeating: 7, count: MCP.largestInlineFile + 1)
        let files: [GeneratedFile] = [
            GeneratedFile(name: "small", text: "x"),
            GeneratedFile(name: "there", contentType: "a/b", content: .path(spool.path + "/there")),
            GeneratedFile(name: "large", contentType: "a/b", content: .bytes(large)),
            GeneratedFile(name: "elsewhere", contentType: "a/b", content: .path(elsewhere.path)),
        ]
        let settled = try await ActionResult.files(files).settled(in: spool.path).files
        #expect(settled.map(\.name) == ["small", "there", "large", "elsewhere"])
        #expect(settled[0...1] == files[0...1])
        #expect(try settled[2...3].map(contents) == [large, Array("elsewhere".utf8)])
        #expect(FileManager.default.fileExists(atPath: elsewhere.path), "it stays the action's")
        #expect(try await ActionResult.files(files).settled(in: nil).files == files, "a caller without a folder gets them as they are")
        let error = await #expect(throws: ActionError.self) { try await ActionResult.files(files).settled(in: "/nowhere") }
        #expect(error?.reason.hasPrefix(#"the file "there" could not be put into the spool folder /nowhere: "#) == true)
    }

    private func contents(_ file: GeneratedFile) throws -> [UInt8] {
        guard case .path(let path) = file.content else { return [] }
        return Array(try Data(contentsOf: URL(filePath: path)))
    }
}
