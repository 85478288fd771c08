/// Sends requests. An answer with an error status is an answer; what throws is that there was none.
package protocol HTTPClient: Sendable {
    /// Cancelling the task stops the transfer.
    /// - Throws: ``HTTPError``; whether the server saw the request is in its code.
    func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse
}

/// There was no answer, or no whole one.
package struct HTTPError: Error, Hashable, Sendable {
    package var code: Code
    /// In the transport's words; no URLs with queries, no headers.
    package var detail: String
    /// Method and URL without query.
    package var request: String

    package init(_ code: Code, detail: String, request: String) {
        self.code = code
        self.detail = detail
        self.request = request
    }

    package enum Code: Hashable, Sendable {
        /// The request cannot be sent as it is: a URL that does not parse, a header with a line break, or a download's file that cannot be
        /// written. Trying again will not help.
        case invalidRequest
        /// The body's file cannot be read, or is not the one that it was said to be. The server got nothing, or a body that breaks off.
        case unusableBody
        /// The name did not resolve, nobody listens or answers in time, or too many requests are under way. The server saw nothing.
        case cannotConnect
        /// No secure connection: the certificate is not trusted, or the handshake failed. The server saw nothing.
        case tls
        /// The connection broke after it stood, or what came was not HTTP. The server may have acted.
        case connectionLost
        /// The time was over. The server may have acted.
        case timedOut
        case responseTooLarge
        /// The task was cancelled, or the client was shut down.
        case cancelled
    }
}

extension HTTPError: CustomStringConvertible {
    package var description: String { "\(request): \(detail)" }
}
