/// Sends requests to a function in the same process: no socket, no thread.
package struct InMemoryHTTPClient: HTTPClient {
    /// Gets the request with the fields that a server would have seen, Host and Content-Length with them.
    /// A body in a file is read with ``HTTPRequest/Body/parts``. It is cancelled with the sender, or when the request's time is over.
    /// Nil closes the connection without an answer.
    package typealias Handler = @Sendable (HTTPRequest) async -> HTTPResponse?

    private let time: any TimeSource
    private let handler: Handler

    package init(time: any TimeSource, handler: @escaping Handler) {
        self.time = time
        self.handler = handler
    }

    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let received = try received(request)
        let response = try await answer(to: received)
        guard response.body.count <= request.responseLimit else {
            throw request.error(.responseTooLarge, "the answer is larger than \(request.responseLimit) bytes")
        }
        return try download(response, of: request)
    }

    /// The request as it arrives.
    private func received(_ request: HTTPRequest) throws(HTTPError) -> HTTPRequest {
        try request.validate()
        var received = request
        received.headers.insert(HTTPHeader("Host", try RequestURL(of: request).authority), at: 0)
        if let length = request.contentLength, request.headers["Content-Length"] == nil {
            received.headers.append(HTTPHeader("Content-Length", String(length)))
        }
        do throws(FileError) {
            // A handler could not tell a file that is not the right one from a client that went away.
            if var file = try BodyFile(of: request.body) { try file.check() }
        } catch {
            throw request.error(.unusableBody, error.detail)
        }
        return received
    }

    private func answer(to request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        let answer: HTTPResponse?
        do {
            answer = try await time.withTimeout(request.timeout) { [handler] in await handler(request) }
        } catch let error as TimeoutError {
            throw request.error(.timedOut, "\(error)")
        } catch {
            throw request.error(.cancelled, "cancelled")
        }
        guard let answer else { throw request.error(.connectionLost, "the connection was closed without an answer") }
        return answer
    }

    private func download(_ response: HTTPResponse, of request: HTTPRequest) throws(HTTPError) -> HTTPResponse {
        guard let path = request.downloadPath, (200..<300).contains(response.status) else { return response }
        do throws(FileError) {
            var file = try DownloadFile(path: path)
            try response.body.span.bytes.withUnsafeBytes { bytes throws(FileError) in try file.write(bytes) }
            try file.place()
        } catch {
            throw request.error(.invalidRequest, error.detail)
        }
        return HTTPResponse(status: response.status, headers: response.headers)
    }
}
