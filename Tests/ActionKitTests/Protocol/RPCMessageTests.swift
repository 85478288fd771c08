import Testing

@testable import ActionKit

@Suite("JSON-RPC messages")
struct RPCMessageTests {
    @Test(
        "Messages are read",
        arguments: [
            (#"{"jsonrpc":"2.0","id":1,"method":"ping"}"#, RPCMessage.request(id: 1, method: "ping", params: [:])),
            (#"{"jsonrpc":"2.0","id":"a","method":"x","params":{"y":1},"other":5}"#, .request(id: "a", method: "x", params: ["y": 1])),
            (#"{"jsonrpc":"2.0","method":"n","params":{}}"#, .notification(method: "n", params: [:])),
            (#" {"jsonrpc":"2.0","id":1.5,"result":null} "#, .response(id: 1.5, result: nil)),
            (#"{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"no"}}"#, .failure(id: 2, error: RPCError(-32601, "no"))),
            (#"{"jsonrpc":"2.0","id":null,"error":{}}"#, .failure(id: nil, error: RPCError(-32603, "an error without a message"))),
        ]
    )
    func read(text: String, message: RPCMessage) throws {
        #expect(try RPCMessage(parsing: text.utf8) == message)
        #expect(try RPCMessage(json: message.json) == message)
    }

    @Test(
        "What is no message is refused, with its id where it has one",
        arguments: [
            ("nonsense", nil, -32700, "not valid JSON at byte 1: found 'o' in place of 'null'"),
            ("", nil, -32700, "not valid JSON at byte 0: the text ends where a value should be"),
            ("[]", nil, -32600, "a message is one JSON object; batches are not part of the protocol"),
            (#""x""#, nil, -32600, "a message is one JSON object; batches are not part of the protocol"),
            (#"{"id":1,"method":"ping"}"#, 1, -32600, #"'jsonrpc' is not "2.0""#),
            (#"{"jsonrpc":"1.0","id":"a","method":"ping"}"#, "a", -32600, #"'jsonrpc' is not "2.0""#),
            (#"{"jsonrpc":"2.0","id":null,"method":"ping"}"#, nil, -32600, "'id' is neither a string nor a number"),
            (#"{"jsonrpc":"2.0","id":[],"method":"ping"}"#, nil, -32600, "'id' is neither a string nor a number"),
            (#"{"jsonrpc":"2.0","id":1,"method":5}"#, 1, -32600, "'method' is not a string"),
            (#"{"jsonrpc":"2.0","id":1,"method":"x","params":[1]}"#, 1, -32600, "'params' is not an object"),
            (#"{"jsonrpc":"2.0","id":1}"#, 1, -32600, "a message has a 'method', or an 'id' and a 'result' or an 'error'"),
            (#"{"jsonrpc":"2.0","result":{}}"#, nil, -32600, "a message has a 'method', or an 'id' and a 'result' or an 'error'"),
        ] as [(String, JSON?, Int, String)]
    )
    func refused(text: String, id: JSON?, code: Int, problem: String) throws {
        let rejection = try #require(throws: RPCRejection.self) { try RPCMessage(parsing: text.utf8) }
        #expect(rejection == RPCRejection(id: id, error: RPCError(code, problem)))
        #expect(rejection.answer.json["id"] == id ?? .null)
    }
}
