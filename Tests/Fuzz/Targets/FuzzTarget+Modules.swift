import ActionKit
import BotHost
import Logging
import NIOCore
import Transport

extension FuzzTarget {
    /// The lines of an MCP server. Every result is taken for each thing that it could be the answer to.
    static let moduleAnswer = FuzzTarget("module-answer", "the lines of an MCP server", tokens: moduleTokens) { bytes in
        var lines = LineAssembler(limit: 1 << 14)
        lines.append(ByteBuffer(bytes: bytes))
        lines.append(ByteBuffer(bytes: "\n".utf8))
        let conversation = MCPConversation(
            module: "m",
            options: ModuleOptions(),
            spool: "/nonexistent",
            time: SystemTime(),
            logger: Logger(label: "fuzz") { _ in SwiftLogNoOpLogHandler() },
            send: { message in
                requireSame(message) { try RPCMessage(parsing: message.json.serialized().utf8) }
                return true
            }
        )
        var listing = ToolListing()
        while let line = lines.next() {
            _ = conversation.take(line)
            guard case .whole(let bytes) = line, let message = try? RPCMessage(parsing: bytes.readableBytesView) else { continue }
            requireSame(message) { try RPCMessage(parsing: message.json.serialized().utf8) }
            guard case .response(_, let result) = message else { continue }
            try? listing.append(result)
            take(try? ToolResult(result, spool: "/nonexistent"))
        }
        for tool in listing.tools { _ = tool.parameters.validate(.object([:])) }
        _ = listing.digest
    }

    private static func take(_ result: ToolResult?) {
        guard case .question(var inquiry) = result else { return }
        require((1...Inquiry.promptLimit).contains(inquiry.prompts.count), "\(inquiry.prompts.count) prompts")
        for answer in ["yes", "1", "something else"] where inquiry.continuation == nil { _ = inquiry.take(answer) }
    }

    private static let moduleTokens =
        jsonTokens + [
            #"{"jsonrpc":"2.0","id":1,"result":"#, #"{"jsonrpc":"2.0","id":"x","error":{"code":-32601,"message":"no"}}"#,
            #""method":"ping""#, #""method":"elicitation/create","params":"#, #""tools":[{"name":"t","inputSchema":{}}]"#, "\n",
            #""nextCursor":null"#, #""content":[{"type":"text","text":"x"}]"#, #""structuredContent":{}"#, #""isError":true"#,
            #"{"type":"image","data":"AQI=","mimeType":"image/png"}"#, #"{"type":"resource_link","uri":"file:///nonexistent/a"}"#,
            #""resultType":"input_required","inputRequests":{"a":{"method":"elicitation/create","params":{"message":"m"}}}"#,
            #""requestedSchema":"#, #""notifications/progress""#, #""progressToken":1e30"#,
        ]
}
