extension HTTPRequest.Body {
    /// The body, piece by piece, for whoever serves requests in the same process.
    package var parts: HTTPBodyParts { HTTPBodyParts(body: self) }
}

/// A request's body in pieces of at most 64 KiB, so that a large file never is in memory whole.
package struct HTTPBodyParts: AsyncSequence, Sendable {
    let body: HTTPRequest.Body

    package func makeAsyncIterator() -> Iterator { Iterator(body: body) }

    package final class Iterator: AsyncIteratorProtocol {
        private static let size = 64 * 1024

        /// What has not been begun.
        private var body: HTTPRequest.Body
        private var file: BodyFile?

        init(body: HTTPRequest.Body) {
            self.body = body
        }

        /// - Throws: When the body's file cannot be read, or is shorter than it was said to be.
        package func next() async throws -> [UInt8]? {
            switch body {
            case .none:
                return try nextOfFile()
            case .bytes(let bytes):
                let part = Array(bytes.prefix(Self.size))
                body = bytes.count > part.count ? .bytes(Array(bytes.dropFirst(Self.size))) : .none
                return part.isEmpty ? nil : part
            case .file:
                file = try BodyFile(of: body)
                body = .none
                return try nextOfFile()
            }
        }

        private func nextOfFile() throws -> [UInt8]? {
            guard file != nil else { return nil }
            let part = try [UInt8](unsafeUninitializedCapacity: Self.size) { buffer, count in
                count = try file?.read(into: UnsafeMutableRawBufferPointer(buffer)) ?? 0
            }
            return part.isEmpty ? nil : part
        }
    }
}
