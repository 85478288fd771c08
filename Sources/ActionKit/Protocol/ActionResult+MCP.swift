import FoundationEssentials

extension ActionResult {
    /// The result of `tools/call`. Files are as ``GeneratedFile/settled(in:)`` left them.
    ///
    /// In the legacy era a question is no result: see ``ActionQuestion/elicitation``.
    func toolResult(in era: MCP.Era) -> JSON {
        switch self {
        case .done(let value, let files):
            var result: JSON = ["content": .array(Self.content(of: value) + files.map(\.item))]
            if value.stringValue == nil, !value.isNull, era == .modern || value.objectValue != nil {
                result["structuredContent"] = value
            }
            if era == .modern { result["resultType"] = "complete" }
            return result
        case .question(let question):
            var result: JSON = ["resultType": "input_required", "inputRequests": [ActionQuestion.key: question.elicitation]]
            result["requestState"] = question.state.map(JSON.string)
            return result
        }
    }

    /// The value for clients that read texts only.
    private static func content(of value: JSON) -> [JSON] {
        value.isNull ? [] : [["type": "text", "text": .string(value.stringValue ?? value.serialized())]]
    }
}

extension ActionQuestion {
    /// The name of the only question of a result.
    static let key = "question"

    /// The request `elicitation/create` that puts this question.
    package var elicitation: JSON {
        ["method": "elicitation/create", "params": elicitationParams]
    }

    var elicitationParams: JSON {
        ["mode": "form", "message": .string(message), "requestedSchema": Schema.object(fields, additional: .any).json]
    }
}

extension ActionError {
    /// The result of `tools/call` for an action that failed: what the person in the chat may read, else the reason.
    func toolResult(in era: MCP.Era) -> JSON {
        let words = message.map { $0.isEmpty ? reason : $0 } ?? reason
        var result: JSON = ["content": [["type": "text", "text": .string(words)]], "isError": true]
        if era == .modern { result["resultType"] = "complete" }
        return result
    }
}

// MARK: Files

extension GeneratedFile {
    fileprivate var item: JSON {
        switch content {
        case .bytes(let bytes):
            [
                "type": "resource",
                "resource": [
                    "uri": .string("attache:///" + name.percentEncoded(keeping: "")),
                    "mimeType": .string(contentType),
                    "blob": .string(Data(bytes).base64EncodedString()),
                ],
            ]
        case .path(let path):
            [
                "type": "resource_link",
                "uri": .string("file://" + path.percentEncoded(keeping: "/")),
                "name": .string(name),
                "mimeType": .string(contentType),
            ]
        }
    }
}

extension String {
    /// The text within the path of a URI (RFC 3986).
    fileprivate func percentEncoded(keeping kept: String) -> String {
        let plain = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~\(kept)".utf8)
        return utf8.reduce(into: "") { text, byte in
            if plain.contains(byte) {
                text.unicodeScalars.append(Unicode.Scalar(byte))
            } else {
                text += "%" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
            }
        }
    }
}
