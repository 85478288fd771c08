package import ConnectWire
import FoundationEssentials
package import Logging
package import Transport

/// The operations of the participant service: one call is paced, sent, and repeated while that can help.
///
/// A value without a connection of its own: tokens come with each call. ``ParticipantConnection`` adds them.
package struct ParticipantAPI: Sendable {
    package let endpoint: Endpoint
    package let http: any HTTPClient
    package let time: any TimeSource
    package let pacer: Pacer
    package var backoff: Backoff
    /// No try begins later than this after the first. Promise 2 allows 30 s with the same client token.
    package var patience: Duration
    /// For one try.
    package var timeout: Duration
    package var logger: Logger

    package init(
        endpoint: Endpoint,
        http: any HTTPClient,
        time: any TimeSource,
        pacer: Pacer,
        backoff: Backoff = Backoff(),
        patience: Duration = .seconds(25),
        timeout: Duration = .seconds(15),
        logger: Logger
    ) {
        self.endpoint = endpoint
        self.http = http
        self.time = time
        self.pacer = pacer
        self.backoff = backoff
        self.patience = patience
        self.timeout = timeout
        self.logger = logger
    }

    /// Calls one operation. 429, 5xx and broken connections are tried again, with full jitter and the same client token.
    /// - Parameter firstTry: The uptime of the first try, where this call goes on with an earlier one; patience counts from then.
    package func call<Request: ParticipantRequest, Kind>(
        _ request: Request,
        with token: Secret<Kind>,
        firstTry: Duration? = nil
    ) async throws(ParticipantError) -> Request.Response {
        let operation = Request.operation
        let message = try httpRequest(for: request, token: token.exposed)
        try await wait(pacer.reserve(operation.quotaGroup, at: time.uptime), for: operation, attempts: 0)
        let start = firstTry ?? time.uptime
        if firstTry != nil, time.uptime - start >= patience {
            // By now the service may have forgotten the client token: who calls must first see what became of the earlier try.
            pacer.giveBack(operation.quotaGroup)
            let late = HTTPError(.timedOut, detail: "it is too late to repeat the call", request: operation.rawValue)
            throw ParticipantError(operation: operation, cause: .transport(late), attempts: 0)
        }
        var attempt = 1
        while true {
            do {
                return try await once(message, of: request, attempt: attempt)
            } catch {
                guard error.isRetryable else { throw error }
                if error.reaction == .againSlower { pacer.slowDown(operation.quotaGroup, at: time.uptime) }
                let pause = max(backoff.delay(attempt: attempt), pacer.reserve(operation.quotaGroup, at: time.uptime))
                guard time.uptime - start + pause < patience else {
                    pacer.giveBack(operation.quotaGroup)
                    throw error
                }
                logger.debug("call is tried again", metadata: ["reason": "\(error)", "pause": "\(pause)"])
                try await wait(pause, for: operation, attempts: attempt)
                attempt += 1
            }
        }
    }

    private func once<Request: ParticipantRequest>(
        _ message: HTTPRequest,
        of request: Request,
        attempt: Int
    ) async throws(ParticipantError) -> Request.Response {
        let operation = Request.operation
        let response: HTTPResponse
        do {
            response = try await http.send(message)
        } catch {
            throw ParticipantError(operation: operation, cause: .transport(error), attempts: attempt)
        }
        guard (200..<300).contains(response.status) else {
            let fault = ServiceFault(
                status: response.status,
                typeHeader: response.headers[ServiceFault.typeHeader],
                requestID: response.headers[ServiceFault.requestIDHeader],
                body: response.body
            )
            throw ParticipantError(operation: operation, cause: .fault(fault), attempts: attempt)
        }
        let body = response.body.isEmpty ? Array("{}".utf8) : response.body
        do {
            return try WireJSON.decode(Request.Response.self, from: body)
        } catch {
            throw ParticipantError(operation: operation, cause: .malformedAnswer(error.shortReason), attempts: attempt)
        }
    }

    /// Waits for the place that the pacer gave; who is cancelled meanwhile leaves it to others.
    private func wait(_ duration: Duration, for operation: Operation, attempts: Int) async throws(ParticipantError) {
        guard duration > .zero else { return }
        do {
            try await time.sleep(for: duration)
        } catch {
            pacer.giveBack(operation.quotaGroup)
            let cancelled = HTTPError(.cancelled, detail: "cancelled while waiting for its turn", request: operation.rawValue)
            throw ParticipantError(operation: operation, cause: .transport(cancelled), attempts: attempts)
        }
    }

    private func httpRequest<Request: ParticipantRequest>(
        for request: Request,
        token: String
    ) throws(ParticipantError) -> HTTPRequest {
        let operation = Request.operation
        let bearer = HTTPHeader(Operation.tokenHeader, token)
        if let view = request as? DescribeViewRequest {
            let path = operation.path + view.viewToken.percentEncodedPathSegment
            return HTTPRequest(operation.method, endpoint.url + path, headers: [bearer], timeout: timeout)
        }
        do {
            let encoder = JSONEncoder()
            encoder.outputFormatting = .withoutEscapingSlashes
            return HTTPRequest(
                operation.method,
                endpoint.url + operation.path,
                headers: [bearer, HTTPHeader("Content-Type", "application/json")],
                body: .bytes(Array(try encoder.encode(request))),
                timeout: timeout
            )
        } catch {
            let invalid = HTTPError(.invalidRequest, detail: "the request cannot be written as JSON", request: operation.rawValue)
            throw ParticipantError(operation: operation, cause: .transport(invalid), attempts: 0)
        }
    }
}

extension String {
    var percentEncodedPathSegment: String {
        let unreserved = Set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~".utf8)
        return utf8.map { byte in
            if unreserved.contains(byte) { return String(Unicode.Scalar(byte)) }
            let digits = String(byte, radix: 16, uppercase: true)
            return "%" + (digits.count == 1 ? "0" + digits : digits)
        }.joined()
    }
}

extension Error {
    /// Where and why decoding failed, without the data, which may be private.
    var shortReason: String {
        func place(_ context: DecodingError.Context) -> String { context.codingPath.map(\.stringValue).joined(separator: ".") }
        return switch self as? DecodingError {
        case .keyNotFound(let key, let context)?: "'\(key.stringValue)' is missing\(place(context).isEmpty ? "" : " in \(place(context))")"
        case .typeMismatch(_, let context)?, .valueNotFound(_, let context)?: "'\(place(context))' has the wrong type"
        case .dataCorrupted(let context)?: place(context).isEmpty ? "it is not JSON" : "'\(place(context))' has a value that cannot be read"
        default: "it is not what the model promises"
        }
    }
}
