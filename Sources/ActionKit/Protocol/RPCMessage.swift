/// A message of JSON-RPC 2.0, of which MCP is made.
package enum RPCMessage: Sendable, Hashable {
    case request(id: JSON, method: String, params: JSON)
    case notification(method: String, params: JSON)
    /// The id is null where the request could not be read.
    case response(id: JSON, result: JSON)
    case failure(id: JSON, error: RPCError)
}

/// Why a request was not carried out.
package struct RPCError: Error, Hashable, CustomStringConvertible {
    package let code: Int
    package let message: String
    package let data: JSON?

    package init(_ code: Int, _ message: String, data: JSON? = nil) {
        self.code = code
        self.message = message
        self.data = data
    }

    package var description: String { "\(message) (\(code))" }

    package static func parse(_ message: String) -> RPCError { RPCError(-32700, message) }
    package static func invalidRequest(_ message: String) -> RPCError { RPCError(-32600, message) }
    package static func methodNotFound(_ method: String) -> RPCError { RPCError(-32601, "there is no method '\(method)'") }
    package static func invalidParams(_ message: String) -> RPCError { RPCError(-32602, message) }
    package static func internalError(_ message: String) -> RPCError { RPCError(-32603, message) }
    package static func busy(_ message: String) -> RPCError { RPCError(-32000, message) }
    package static func unsupportedVersion(_ requested: String, supported: [String]) -> RPCError {
        RPCError(
            -32022,
            "Unsupported protocol version",
            data: ["supported": .array(supported.map(JSON.string)), "requested": .string(requested)]
        )
    }
}

// MARK: As JSON

extension RPCMessage {
    package var json: JSON {
        switch self {
        case .request(let id, let method, let params):
            return ["jsonrpc": "2.0", "id": id, "method": .string(method), "params": params]
        case .notification(let method, let params):
            return ["jsonrpc": "2.0", "method": .string(method), "params": params]
        case .response(let id, let result):
            return ["jsonrpc": "2.0", "id": id, "result": result]
        case .failure(let id, let error):
            var members: JSON = ["code": .number(JSONNumber(error.code)), "message": .string(error.message)]
            members["data"] = error.data
            return ["jsonrpc": "2.0", "id": id, "error": members]
        }
    }

    /// Reads one line.
    ///
    /// - Throws: The answer that a peer is due for a message that is none.
    package init(parsing line: some Sequence<UInt8>) throws(RPCRejection) {
        let json: JSON
        do {
            json = try JSON(parsing: line)
        } catch {
            throw RPCRejection(id: nil, error: .parse("\(error)"))
        }
        try self.init(json: json)
    }

    package init(json: JSON) throws(RPCRejection) {
        guard let members = json.objectValue else {
            throw RPCRejection(id: nil, error: .invalidRequest("a message is one JSON object; batches are not part of the protocol"))
        }
        let id = members["id"]
        func reject(_ problem: String) -> RPCRejection {
            RPCRejection(id: id?.isRPCID == true ? id : nil, error: .invalidRequest(problem))
        }

        guard members["jsonrpc"] == "2.0" else { throw reject("'jsonrpc' is not \"2.0\"") }
        if let id, !id.isRPCID, members["method"] != nil || !id.isNull { throw reject("'id' is neither a string nor a number") }
        if let method = members["method"] {
            guard let method = method.stringValue else { throw reject("'method' is not a string") }
            let params = members["params"] ?? [:]
            guard params.objectValue != nil else { throw reject("'params' is not an object") }
            if let id {
                self = .request(id: id, method: method, params: params)
            } else {
                self = .notification(method: method, params: params)
            }
        } else if let error = members["error"] {
            self = .failure(id: id ?? .null, error: RPCError(json: error))
        } else if let result = members["result"], let id {
            self = .response(id: id, result: result)
        } else {
            throw reject("a message has a 'method', or an 'id' and a 'result' or an 'error'")
        }
    }
}

/// A message that is none, and the id to answer it with.
package struct RPCRejection: Error, Hashable {
    package let id: JSON?
    package let error: RPCError

    package var answer: RPCMessage { .failure(id: id ?? .null, error: error) }
}

extension RPCError {
    /// An error of a peer's, however odd it is.
    fileprivate init(json: JSON) {
        self.init(json["code"]?.intValue ?? -32603, json["message"]?.stringValue ?? "an error without a message", data: json["data"])
    }
}

extension JSON {
    fileprivate var isRPCID: Bool { stringValue != nil || numberValue != nil }
}
