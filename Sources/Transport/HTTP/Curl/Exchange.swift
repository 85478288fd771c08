/// A request that can be sent, as its sender and the transfer thread share it.
final class Exchange: Sendable {
    let request: HTTPRequest
    let url: RequestURL
    /// The URL of the proxy that it goes through; nil for none.
    let proxy: String?

    /// - Throws: ``HTTPError/Code/invalidRequest``.
    init(_ request: HTTPRequest, _ environment: CurlEnvironment) throws(HTTPError) {
        try request.validate()
        self.request = request
        url = try RequestURL(of: request)
        do throws(ProxyRefusal) {
            proxy = try environment.proxy(to: url.destination)
        } catch {
            throw request.error(.invalidRequest, "\(error)")
        }
    }
}
