/// A request that can be sent, as its sender and the transfer thread share it.
final class Exchange: Sendable {
    let request: HTTPRequest
    let url: RequestURL

    /// - Throws: ``HTTPError/Code/invalidRequest``.
    init(_ request: HTTPRequest) throws(HTTPError) {
        try request.validate()
        self.request = request
        url = try RequestURL(of: request)
    }
}
