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
        try self.init(json: Self.json(of: line))
    }

    /// Reads one line, which may hold several messages in an array: revision 2025-03-26 has such batches, and no other forbids to read them.
    /// - Returns: At least one.
    package static func batch(parsing line: some Sequence<UInt8>) -> [Result<RPCMessage, RPCRejection>] {
        let single: JSON
        do {
            single = try json(of: line)
        } catch {
            return [.failure(error)]
        }
        let messages = single.arrayValue.flatMap { $0.isEmpty ? nil : $0 } ?? [single]
        return messages.map { json in Result { () throws(RPCRejection) in try RPCMessage(json: json) } }
    }

    private static func json(of line: some Sequence<UInt8>) throws(RPCRejection) -> JSON {
        do {
            return try JSON(mending: line)
        } catch {
            throw RPCRejection(id: nil, error: .parse("\(error)"))
        }
    }

    package init(json: JSON) throws(RPCRejection) {
        guard json.objectValue != nil else {
            throw RPCRejection(id: nil, error: .invalidRequest("a message is a JSON object, or several of them are in an array"))
        }
        let id = json["id"]
        func reject(_ problem: String) -> RPCRejection {
            RPCRejection(id: id?.isRPCID == true ? id : nil, error: .invalidRequest(problem))
        }

        guard json["jsonrpc"] == "2.0" else { throw reject("'jsonrpc' is not \"2.0\"") }
        if let id, !id.isRPCID, !id.isNull { throw reject("'id' is neither a string nor a number") }
        // Null counts as absent, but for a result, and for the id of what could not be read.
        if let method = json[present: "method"] {
            guard let method = method.stringValue else { throw reject("'method' is not a string") }
            let params = json[present: "params"] ?? [:]
            guard params.objectValue != nil else { throw reject("'params' is not an object") }
            if let id = json[present: "id"] {
                self = .request(id: id, method: method, params: params)
            } else {
                self = .notification(method: method, params: params)
            }
        } else if let error = json[present: "error"] {
            self = .failure(id: id ?? .null, error: RPCError(json: error))
        } else if let result = json["result"], let id {
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
        self.init(
            json["code"]?.intValue ?? -32603,
            json["message"]?.stringValue ?? "an error without a message",
            data: json[present: "data"]
        )
    }
}

extension JSON {
    fileprivate var isRPCID: Bool { stringValue != nil || numberValue != nil }
}
