import ActionKit
import NIOCore
import TestSupport
import Testing
import Transport

@testable import BotHost

/// What servers in the field say, and what is made of it: a conversation without a process.
@Suite("A conversation with an MCP server", .timeLimit(.minutes(1)))
struct MCPConversationTests {
    /// Answers a request with a line, or not at all.
    private typealias Answer = @Sendable (_ id: JSON, _ method: String, _ params: JSON) -> String?

    private struct Done: Error {}

    /// A server of the older era with the action `a`, as far as it does not answer otherwise.
    private static func withServer(
        time: any TimeSource = VirtualTime(),
        answering answer: @escaping Answer,
        _ body: @escaping @Sendable (MCPConnection) async throws -> Void
    ) async throws {
        let requests = Inbox<RPCMessage>()
        let ready = Inbox<MCPConnection>()
        let conversation = MCPConversation(module: "m", options: ModuleOptions(), spool: "/", time: time, logger: .silent) {
            requests.put($0)
            return true
        }
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { try await conversation.run(.legacy) { ready.put($0) } }
            group.addTask {
                while true {
                    guard case .request(let id, let method, let params) = try await requests.next() else { continue }
                    let line = answer(id, method, params) ?? Self.ordinaryAnswer(id, method)
                    _ = conversation.take(.whole(ByteBuffer(string: line)))
                }
            }
            group.addTask {
                try await body(ready.next())
                throw Done()
            }
            defer { group.cancelAll() }
            do {
                try await group.next()
            } catch is Done {}
        }
    }

    private static func ordinaryAnswer(_ id: JSON, _ method: String) -> String {
        let result: JSON =
            switch method {
            case "initialize": ["protocolVersion": "2025-03-26", "capabilities": [:], "serverInfo": ["name": "s", "version": "1"]]
            case "tools/list": ["tools": [["name": "a", "inputSchema": ["type": "object"]]]]
            default: ["content": [["type": "text", "text": "done"]]]
            }
        return RPCMessage.response(id: id, result: result).json.serialized()
    }

    private static let call = ModuleCall(action: "a", arguments: [:], context: [:])

    @Test(
        "A list is over where the next cursor is null, empty or not there",
        arguments: [#","nextCursor":null"#, #","nextCursor":"""#, ""]
    )
    func lastPage(cursor: String) async throws {
        let cursors = Recorder<JSON?>()
        try await Self.withServer { id, method, params in
            guard method == "tools/list" else { return nil }
            cursors.append(params["cursor"])
            let (name, next) = params["cursor"] == nil ? ("a", #","nextCursor":"2""#) : ("b", cursor)
            return #"{"jsonrpc":"2.0","id":\#(id),"error":null,"result":{"tools":[{"name":"\#(name)","inputSchema":null}]\#(next)}}"#
        } _: { connection in
            #expect(connection.listing.names == ["a", "b"])
        }
        #expect(cursors.values == [nil, "2"])
    }

    @Test("An answer that is a batch is understood, with what else is in it")
    func batch() async throws {
        let progress = Recorder<String?>()
        try await Self.withServer { id, method, params in
            guard method != "initialize" else { return nil }
            let answer = Self.ordinaryAnswer(id, method)
            let token = params["_meta"]?["progressToken"] ?? 0
            let notification =
                #"{"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":\#(token),"message":"on the way"}}"#
            return "[\(notification),5,\(answer)]"
        } _: { connection in
            #expect(connection.listing.names == ["a"])
            var call = Self.call
            call.onProgress = { progress.append($0) }
            let result = try await connection.result(of: call)
            #expect(result["content"]?[0]?["text"] == "done")
        }
        #expect(progress.values == ["on the way"])
    }

    @Test("Half of a surrogate pair in an answer becomes U+FFFD")
    func surrogate() async throws {
        try await Self.withServer { id, method, _ in
            guard method == "tools/call" else { return nil }
            return #"{"jsonrpc":"2.0","id":\#(id),"result":{"content":[{"type":"text","text":"caf\ud83d"}]}}"#
        } _: { connection in
            let result = try await connection.result(of: Self.call)
            let done = try ToolResult(result, spool: "/")
            #expect(done == .done(value: "caf\u{FFFD}", files: []))
        }
    }

    @Test("Members of a result that are null are absent")
    func nullMembers() async throws {
        try await Self.withServer { id, method, _ in
            guard method == "tools/call" else { return nil }
            let item = #"{"type":"text","text":"ok","annotations":null,"_meta":null}"#
            let rest = #""structuredContent":null,"isError":null,"resultType":null,"_meta":null,"requestState":null,"inputRequests":null"#
            return #"{"jsonrpc":"2.0","id":\#(id),"method":null,"error":null,"result":{"content":[\#(item)],\#(rest)}}"#
        } _: { connection in
            let result = try await connection.result(of: Self.call)
            let done = try ToolResult(result, spool: "/")
            #expect(done == .done(value: "ok", files: []))
        }
    }

    @Test("A server has the time to start that the bot file gives it, half a minute where that says nothing", arguments: [nil, 60])
    func start(seconds: Int?) async throws {
        let time = VirtualTime()
        var options = ModuleOptions()
        if let seconds { options.startTime = .seconds(seconds) }
        let conversation = MCPConversation(module: "m", options: options, spool: "/", time: time, logger: .silent) { _ in true }
        let limit = seconds == nil ? "30s" : "1m"
        let reason = "it does not answer within \(limit) of its start; 'start' in the bot file may give it more"
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                await #expect(throws: ModuleFailure.broken(reason)) { try await conversation.run(.legacy) { _ in } }
            }
            await time.pass(.seconds(seconds ?? 30))
            try await group.waitForAll()
        }
    }
}
