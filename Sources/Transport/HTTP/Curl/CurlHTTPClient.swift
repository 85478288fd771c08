import FoundationEssentials

/// The real HTTP client: libcurl's multi interface, on one thread of its own.
///
/// - Connections are kept and used again; HTTP/2 where a TLS server has it. No redirects, cookies, `.netrc` or `.curlrc`. TLS is always verified.
/// - A request goes out with the fields it names, Host, and one Content-Length. Nothing else.
/// - When a kept connection turns out to have been closed before the first byte of an answer, the request is sent once more on a new one:
///   the server may see it twice.
/// - Requests of one origin beyond `connectionsPerHost` wait, as long as their timeout allows.
/// - Writing to a connection that the peer has closed raises no SIGPIPE in the thread of this client; ignore the signal in `main` all the same,
///   for what other code does.
package final class CurlHTTPClient: HTTPClient {
    package struct Limits: Sendable {
        /// Requests under way at once, those that wait for a connection with them. One more is refused.
        package var requests = 10_000
        /// Also the number of requests of one origin that run at once, over HTTP/2 too.
        package var connectionsPerHost = 64
        /// Over all hosts, those kept idle with them.
        package var connections = 256
        /// From the name's resolution to the end of the TLS handshake.
        package var connectTimeout: Duration = .seconds(10)

        package init() {}
    }

    private let mailbox: Mailbox?
    private let environment: CurlEnvironment

    /// - Parameter environment: Where `http_proxy`, `https_proxy`, `all_proxy`, `no_proxy`, `CURL_CA_BUNDLE`, `SSL_CERT_FILE` and
    ///   `SSL_CERT_DIR` are looked up.
    package init(limits: Limits = Limits(), environment: [String: String] = ProcessInfo.processInfo.environment) {
        let environment = CurlEnvironment(environment)
        self.environment = environment
        guard let multi = MultiHandle(connections: limits.connections, connectionsPerHost: limits.connectionsPerHost) else {
            mailbox = nil
            return
        }
        let mailbox = Mailbox(limit: limits.requests, multi: multi)
        let isRunning = startThread {
            TransferLoop(limits: limits, environment: environment, mailbox: mailbox, multi: multi).run()
            mailbox.finish()
        }
        self.mailbox = isRunning ? mailbox : nil
    }

    deinit {
        mailbox?.close()
    }

    /// Ends every request under way with ``HTTPError/Code/cancelled``, closes the connections, and returns when the thread has ended.
    ///
    /// Letting go of the client does the same, without the wait.
    package func shutdown() async {
        mailbox?.close()
        await mailbox?.end()
    }

    package func send(_ request: HTTPRequest) async throws(HTTPError) -> HTTPResponse {
        defer { withExtendedLifetime(self) {} }
        guard let mailbox else { throw request.error(.cannotConnect, "the HTTP client could not start its thread") }
        let exchange = try Exchange(request, environment)
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { answer in
                do throws(Mailbox.Refusal) {
                    try mailbox.start(exchange, answer)
                } catch {
                    answer.resume(returning: .failure(request.error(error)))
                }
            }
        } onCancel: {
            mailbox.cancel(exchange)
        }
        return try result.get()
    }
}

extension HTTPRequest {
    fileprivate func error(_ refusal: Mailbox.Refusal) -> HTTPError {
        switch refusal {
        case .full: error(.cannotConnect, "too many requests are under way; try again later")
        case .closed: error(.cancelled, "the HTTP client was shut down")
        case .cancelled: error(.cancelled, "cancelled")
        }
    }
}
