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
            (#" {"jsonrpc":"2.0","id":1.5,"result":null} "#, .response(id: 1.5, result: .null)),
            (#"{"jsonrpc":"2.0","id":2,"error":{"code":-32601,"message":"no"}}"#, .failure(id: 2, error: RPCError(-32601, "no"))),
            (#"{"jsonrpc":"2.0","id":null,"error":{}}"#, .failure(id: .null, error: RPCError(-32603, "an error without a message"))),
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
            ("[]", nil, -32600, "a message is a JSON object, or several of them are in an array"),
            (#""x""#, nil, -32600, "a message is a JSON object, or several of them are in an array"),
            (#"{"id":1,"method":"ping"}"#, 1, -32600, #"'jsonrpc' is not "2.0""#),
            (#"{"jsonrpc":"1.0","id":"a","method":"ping"}"#, "a", -32600, #"'jsonrpc' is not "2.0""#),
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

    @Test(
        "A member that is null counts as absent",
        arguments: [
            (#"{"jsonrpc":"2.0","id":1,"result":{},"error":null}"#, RPCMessage.response(id: 1, result: [:])),
            (#"{"jsonrpc":"2.0","id":1,"result":{},"error":null,"method":null,"params":null}"#, .response(id: 1, result: [:])),
            (
                #"{"jsonrpc":"2.0","id":1,"result":null,"error":{"code":1,"message":"no","data":null}}"#,
                .failure(id: 1, error: RPCError(1, "no"))
            ),
            (#"{"jsonrpc":"2.0","id":1,"method":"ping","params":null}"#, .request(id: 1, method: "ping", params: [:])),
            (#"{"jsonrpc":"2.0","id":null,"method":"n","params":null}"#, .notification(method: "n", params: [:])),
        ]
    )
    func null(text: String, message: RPCMessage) throws {
        #expect(try RPCMessage(parsing: text.utf8) == message)
    }

    @Test("An array holds messages, and each that is none is due its own answer")
    func batch() {
        let line = #"[{"jsonrpc":"2.0","id":1,"result":{}}, 5, {"jsonrpc":"2.0","method":"n"}, [], {"jsonrpc":"2.0","id":7}]"#
        let noObject = RPCRejection(id: nil, error: RPCError(-32600, "a message is a JSON object, or several of them are in an array"))
        let incomplete = RPCError(-32600, "a message has a 'method', or an 'id' and a 'result' or an 'error'")
        #expect(
            RPCMessage.batch(parsing: line.utf8) == [
                .success(.response(id: 1, result: [:])), .failure(noObject), .success(.notification(method: "n", params: [:])),
                .failure(noObject), .failure(RPCRejection(id: 7, error: incomplete)),
            ]
        )
        #expect(RPCMessage.batch(parsing: "[]".utf8) == [.failure(noObject)])
        let single = RPCMessage.batch(parsing: #"{"jsonrpc":"2.0","method":"n"}"#.utf8)
        #expect(single == [.success(.notification(method: "n", params: [:]))])
    }

    @Test("Half of a surrogate pair is read as U+FFFD")
    func surrogates() throws {
        let line = #"{"jsonrpc":"2.0","id":1,"result":{"\ud83d":["x\udE00y","\ud83d\ud83d\ude00","\uD83D\n","\\ud83d"]}}"#
        let result: JSON = ["\u{FFFD}": ["x\u{FFFD}y", "\u{FFFD}😀", "\u{FFFD}\n", "\\ud83d"]]
        #expect(try RPCMessage(parsing: line.utf8) == .response(id: 1, result: result))
    }
}
