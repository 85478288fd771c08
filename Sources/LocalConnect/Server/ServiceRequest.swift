package import NIOCore
package import Transport

/// A request, whatever carried it.
package struct ServiceRequest: Sendable {
    package var method: String
    /// As sent, percent-encoded, without the query.
    package var path: String
    package var query: String
    package var headers: [HTTPHeader]
    /// Read once at most, and not at all where the head decides.
    package var body: any AsyncSequence<ByteBuffer, any Error> & Sendable

    package init(
        method: String,
        target: String,
        headers: [HTTPHeader],
        body: any AsyncSequence<ByteBuffer, any Error> & Sendable
    ) {
        self.method = method
        let parts = target.split(separator: "?", maxSplits: 1, omittingEmptySubsequences: false)
        path = parts.first.map(String.init) ?? ""
        query = parts.count > 1 ? String(parts[1]) : ""
        self.headers = headers
        self.body = body
    }
}

extension ServiceRequest {
    /// - Returns: Nil when there is more than the limit.
    func collectBody(upTo limit: Int) async throws -> [UInt8]? {
        var bytes: [UInt8] = []
        for try await chunk in body {
            guard bytes.count + chunk.readableBytes <= limit else { return nil }
            bytes.append(contentsOf: chunk.readableBytesView)
        }
        return bytes
    }
}
