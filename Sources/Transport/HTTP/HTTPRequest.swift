/// One HTTP request, complete before it is sent.
package struct HTTPRequest: Sendable {
    package var method: String
    /// Absolute. It may be a secret, so the description shows it without its query.
    package var url: String
    package var headers: [HTTPHeader]
    package var body: Body
    /// For the whole exchange.
    package var timeout: Duration
    /// Bytes of the answer's body that are accepted; more is ``HTTPError/Code/responseTooLarge``.
    package var responseLimit: Int
    /// Where a successful (2xx) answer's body goes, instead of into memory. The file is created, or overwritten.
    package var downloadPath: String?
    /// Told, on the transport's thread, how many bytes of a file's body were sent; begins anew where they are sent again.
    package var progress: (@Sendable (_ sentBytes: Int64) -> Void)?

    package enum Body: Sendable {
        case none
        case bytes([UInt8])
        /// The first `size` bytes of a file, streamed. With a SHA-256 (lower case hexadecimal) it is exactly the file that is meant, or what is sent
        /// breaks off before its last byte: its size, its bytes, and no link in its place.
        case file(path: String, size: Int64, sha256: String? = nil)
    }

    package init(
        _ method: String,
        _ url: String,
        headers: [HTTPHeader] = [],
        body: Body = .none,
        timeout: Duration = .seconds(30),
        responseLimit: Int = 8 * 1024 * 1024,
        downloadPath: String? = nil
    ) {
        self.method = method
        self.url = url
        self.headers = headers
        self.body = body
        self.timeout = timeout
        self.responseLimit = responseLimit
        self.downloadPath = downloadPath
    }
}

extension HTTPRequest: CustomStringConvertible, CustomDebugStringConvertible {
    /// Method and URL, without what may be a secret: the query, and a user's name and password.
    package var description: String {
        let shown = url.prefix { $0 != "?" && $0 != "#" }
        guard let scheme = shown.firstRange(of: "://") else { return "\(method) \(shown)" }
        let authority = shown[scheme.upperBound...].prefix { $0 != "/" }
        guard let at = authority.lastIndex(of: "@") else { return "\(method) \(shown)" }
        return "\(method) \(shown[..<scheme.upperBound])\(shown[shown.index(after: at)...])"
    }
    package var debugDescription: String { description }
}

/// One header field. The request sends exactly the fields it names, besides Host and Content-Length.
package struct HTTPHeader: Hashable, Sendable {
    package var name: String
    package var value: String

    package init(_ name: String, _ value: String) {
        self.name = name
        self.value = value
    }
}

extension [HTTPHeader] {
    /// The first value of a field, whatever the case of its name.
    package subscript(name: String) -> String? {
        let wanted = name.lowercased()
        return first { $0.name.lowercased() == wanted }?.value
    }
}
