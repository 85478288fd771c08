import Testing

@testable import ActionKit

@Suite("A module's server over a real socket")
struct ModuleServerTests {
    @Test("Calls run side by side: a short one is answered while a long one runs, and the long one can be called off")
    func sideBySide() async throws {
        try await ServerClient.with(.sample) { client in
            client.send(.request(id: "long", method: "tools/call", params: ["name": "wait", "_meta": ["progressToken": "t"]]))
            let progress = try await client.receive()
            #expect(progress["params"] == ["progressToken": "t", "progress": 1, "message": "waiting"])
            for number in 1...20 {
                let params: JSON = ["name": "shout", "arguments": ["text": .string("n\(number)")]]
                client.send(.request(id: .number(JSONNumber(number)), method: "tools/call", params: params))
            }
            var answered: Set<String> = []
            for _ in 1...20 { answered.insert(try await client.receive()["result"]?["content"]?[0]?["text"]?.stringValue ?? "") }
            #expect(answered == Set((1...20).map { "N\($0)" }))
            client.send(.notification(method: "notifications/cancelled", params: ["requestId": "long"]))
            let next = try await client.ask("ping", [:])
            #expect(next == [:], "the cancelled call has no answer")
        }
    }

    @Test("What an action throws is told in words; what is no ActionError is told to the log alone")
    func errors() async throws {
        let log = try await ServerClient.with(.sample) { client in
            let failed = try await client.ask("tools/call", ["name": "fail", "arguments": ["message": "Sorry."]])
            #expect(failed == ["content": [["type": "text", "text": "Sorry."]], "isError": true])
            let crashed = try await client.ask("tools/call", ["name": "crash"])
            #expect(crashed["content"]?[0]?["text"] == "the action 'crash' failed; its log says why")
            let unread = try await client.ask("tools/call", ["name": "transcript"])
            #expect(
                unread["content"]?[0]?["text"]
                    == "the transcript is only there for built-in actions; pass what the action needs of it as a parameter"
            )
        }
        #expect(log == ["warning: fail: the stock is empty", "error: crash: Unexpected()"])
    }

    @Test("A call knows its chat, and the time where nobody tells it")
    func context() async throws {
        try await ServerClient.with(.sample) { client in
            let context: JSON = ["contact": ["id": "c9", "attributes": ["tier": "gold"]], "variables": ["a": [1]], "idempotencyKey": "k"]
            let value = try await client.ask("tools/call", ["name": "context", "_meta": [MCP.Meta.context: context]])["structuredContent"]
            #expect(value?["contact"] == context["contact"])
            #expect(value?["variables"] == context["variables"])
            #expect(value?["idempotencyKey"] == "k")
            #expect(value?["now"] == "1970-01-01T00:00:07.000Z")
        }
    }

    @Test("A line above the limit is refused, and the next one is served")
    func longLine() async throws {
        try await ServerClient.with(.sample) { client in
            client.send(line: String(repeating: "x", count: ModuleServer.longestLine + 1))
            let refusal = try await client.receive()
            #expect(refusal["error"]?["code"] == -32700)
            let next = try await client.ask("ping", [:])
            #expect(next == [:])
        }
    }

    @Test("The end of the input ends the server, with whatever runs")
    func endOfInput() async throws {
        try await ServerClient.with(.sample) { client in
            client.send(.request(id: 1, method: "tools/call", params: ["name": "wait", "_meta": ["progressToken": 1]]))
            let progress = try await client.receive()
            #expect(progress["method"] == "notifications/progress")
        }
    }
}
