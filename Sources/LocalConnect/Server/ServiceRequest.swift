import ConnectWire
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
    /// What was asked for, short enough to be told.
    var summary: String { "\(method.prefix(20)) \(path.prefix(200))" }

    /// Bytes of a body that is read into memory.
    private static let bodyLimit = 256 * 1024

    /// - Throws: A fault for a body that is too long, and for one that broke off or whose chunks are none: nobody may be left to hear it.
    func collectBody() async throws(ServiceFault) -> [UInt8] {
        var bytes: [UInt8] = []
        do {
            for try await chunk in body {
                guard bytes.count + chunk.readableBytes <= Self.bodyLimit else {
                    throw ServiceFault(.validation, status: 413, message: "the body is longer than \(Self.bodyLimit) bytes")
                }
                bytes.append(contentsOf: chunk.readableBytesView)
            }
        } catch let fault as ServiceFault {
            throw fault
        } catch {
            throw ServiceFault(.validation, message: "the body did not come whole: it broke off, or its chunks are not well formed")
        }
        return bytes
    }

    /// The token of an operation; nil where there is none.
    /// - Throws: A fault for what no token can be.
    func bearerToken() throws(ServiceFault) -> String? {
        let tokens = headers.values(of: Operation.tokenHeader)
        guard tokens.count <= 1 else { throw ServiceFault(.validation, message: "\(Operation.tokenHeader) is sent \(tokens.count) times") }
        guard let token = tokens.first, !token.isEmpty else { return nil }
        try Constraints.length(token, 1...1000, Operation.tokenHeader)
        try Constraints.printable(token, Operation.tokenHeader)
        return token
    }
}

extension [HTTPHeader] {
    /// Every value of a field, whatever the case of its name.
    func values(of name: String) -> [String] {
        let wanted = name.lowercased()
        return filter { $0.name.lowercased() == wanted }.map(\.value)
    }
}
