package import ConnectWire
package import Transport

extension ParticipantConnection {
    /// Calls an operation with a body as it was written, once: for people who look closely at the service.
    ///
    /// - Parameter view: DescribeView's view token, which stands in its path.
    /// - Returns: The answer with any status; a 403 has renewed the connection first.
    /// - Throws: ``HTTPError``, and as ``call(_:)``.
    package func callRaw(_ operation: Operation, body: [UInt8], view: String? = nil) async throws -> HTTPResponse {
        if operation == .createParticipantConnection { return try await send(operation, body, view, participantToken.exposed) }
        let token = try await currentToken()
        let response = try await send(operation, body, view, token.exposed)
        guard response.status == 403 else { return response }
        return try await send(operation, body, view, try await renew(insteadOf: token).exposed)
    }

    private func send(_ operation: Operation, _ body: [UInt8], _ view: String?, _ token: String) async throws -> HTTPResponse {
        let bearer = HTTPHeader(Operation.tokenHeader, token)
        let isRead = operation.method == "GET"
        let request = HTTPRequest(
            operation.method,
            api.endpoint.url + operation.path + (isRead ? (view ?? "").percentEncodedPathSegment : ""),
            headers: isRead ? [bearer] : [bearer, HTTPHeader("Content-Type", "application/json")],
            body: isRead ? .none : .bytes(body),
            timeout: api.timeout
        )
        do {
            return try await api.http.send(request)
        } catch {
            throw error.code == .cancelled ? CancellationError() : error
        }
    }
}
