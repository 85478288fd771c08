extension HTTPRequest {
    /// Refuses what could not go out exactly as it is named.
    /// - Throws: ``HTTPError/Code/invalidRequest``.
    func validate() throws(HTTPError) {
        guard method.isToken, method != "CONNECT" else { throw refusal("the method is not one that can be sent") }
        if method == "HEAD", case .none = body {} else if method == "HEAD" { throw refusal("a HEAD request has no body") }
        for header in headers { try validate(header) }
        try validateContentLength()
    }

    /// What goes out as Content-Length; nil where there is no body to speak of.
    var contentLength: Int64? {
        switch body {
        case .none: ["POST", "PUT", "PATCH"].contains(method) ? 0 : nil
        case .bytes(let bytes): Int64(bytes.count)
        case .file(_, let size, _): size
        }
    }

    func error(_ code: HTTPError.Code, _ detail: String) -> HTTPError {
        HTTPError(code, detail: detail, request: description)
    }

    private func refusal(_ detail: String) -> HTTPError { error(.invalidRequest, detail) }

    private func validate(_ header: HTTPHeader) throws(HTTPError) {
        guard header.name.isToken else { throw refusal("a header field's name is empty or has a character that names do not have") }
        guard header.value.utf8.allSatisfy({ $0 != 0 && $0 != UInt8(ascii: "\r") && $0 != UInt8(ascii: "\n") }) else {
            throw refusal("the value of \(header.name) has a line break or a NUL")
        }
        if ["host", "transfer-encoding"].contains(header.name.lowercased()) {
            throw refusal("\(header.name) follows from the URL and the body; it cannot be named")
        }
    }

    /// A named Content-Length goes out as it is, so it must be true.
    private func validateContentLength() throws(HTTPError) {
        if case .file(_, let size, _) = body, size < 0 { throw refusal("the body's size is negative") }
        let named = headers.filter { $0.name.lowercased() == "content-length" }
        guard let value = named.first?.value else { return }
        guard named.count == 1 else { throw refusal("Content-Length is named \(named.count) times") }
        guard value == String(contentLength ?? 0) else {
            throw refusal("Content-Length is not the body's size, which is \(contentLength ?? 0) bytes")
        }
    }
}

extension String {
    /// A token of RFC 9110, section 5.6.2: what methods and field names are.
    fileprivate var isToken: Bool {
        !isEmpty
            && utf8.allSatisfy { byte in
                switch byte {
                case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "a")...UInt8(ascii: "z"):
                    true
                default: "!#$%&'*+-.^_`|~".utf8.contains(byte)
                }
            }
    }
}
