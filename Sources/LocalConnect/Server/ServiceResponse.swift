package import Transport

/// The answer to a request.
package struct ServiceResponse: Sendable {
    package var status: Int
    package var headers: [HTTPHeader]
    package var body: Body

    package enum Body: Sendable {
        case bytes([UInt8])
        /// A part of a file, to be streamed.
        case file(path: String, offset: Int64, count: Int64)
    }

    package init(status: Int, headers: [HTTPHeader] = [], body: Body = .bytes([])) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}

/// What becomes of a request.
package enum ServiceReply: Sendable {
    case response(ServiceResponse)
    /// The connection closes without an answer: a fault that was asked for.
    case lost
}
