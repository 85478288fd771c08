package import NIOCore
package import NIOHTTP1

/// Reads the head of one HTTP/1.x response off a byte stream, and not a byte more. Interim responses (1xx but 101) are passed over.
package struct ResponseHeadReader: Sendable {
    /// The bytes are not a response, or one with an unreasonable head.
    package struct Malformed: Error, Hashable, Sendable {
        package var problem: String
    }

    private static let byteLimit = 64 * 1024
    private static let fieldLimit = 100

    private var size = 0
    private var line: [UInt8] = []
    private var head: HTTPResponseHead?

    package init() {}

    /// - Returns: nil when it takes more bytes to go on.
    package mutating func next(from buffer: inout ByteBuffer) throws(Malformed) -> HTTPResponseHead? {
        while let byte = buffer.readInteger(as: UInt8.self) {
            size += 1
            guard size <= Self.byteLimit else { throw Malformed(problem: "its head has more than \(Self.byteLimit) bytes") }
            if byte != UInt8(ascii: "\n") {
                line.append(byte)
                guard head != nil || zip(line, "HTTP/1.".utf8).allSatisfy({ $0 == $1 }) else {
                    throw Malformed(problem: "it is not HTTP/1")
                }
            } else if let head = try endLine() {
                return head
            }
        }
        return nil
    }

    private mutating func endLine() throws(Malformed) -> HTTPResponseHead? {
        if line.last == UInt8(ascii: "\r") { line.removeLast() }
        defer { line = [] }
        guard var head else {
            head = try statusLine()
            return nil
        }
        if line.isEmpty {
            let isInterim = head.status.code < 200 && head.status != .switchingProtocols
            self.head = nil
            return isInterim ? nil : head
        }
        guard head.headers.count < Self.fieldLimit else { throw Malformed(problem: "it has more than \(Self.fieldLimit) header fields") }
        let (name, value) = try field()
        head.headers.add(name: name, value: value)
        self.head = head
        return nil
    }

    /// `HTTP/1.1 101 Switching Protocols`, the words optional.
    private func statusLine() throws(Malformed) -> HTTPResponseHead {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2, omittingEmptySubsequences: false)
        guard words.count >= 2, words[0].count == 8, words[1].count == 3, let status = Int(String(decoding: words[1], as: UTF8.self)),
            status >= 100
        else {
            throw Malformed(problem: "its status line is broken")
        }
        return HTTPResponseHead(version: .http1_1, status: .init(statusCode: status))
    }

    private func field() throws(Malformed) -> (name: String, value: String) {
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")), colon > 0, line[..<colon].allSatisfy(\.isTokenCharacter),
            line[colon...].allSatisfy({ $0 >= 0x20 || $0 == UInt8(ascii: "\t") })
        else {
            throw Malformed(problem: "it has a broken header field")
        }
        func isBlank(_ byte: UInt8) -> Bool { byte == UInt8(ascii: " ") || byte == UInt8(ascii: "\t") }
        let value = line[(colon + 1)...].drop(while: isBlank).reversed().drop(while: isBlank).reversed()
        return (String(decoding: line[..<colon], as: UTF8.self), String(decoding: Array(value), as: UTF8.self))
    }
}

extension UInt8 {
    /// RFC 9110, section 5.6.2.
    fileprivate var isTokenCharacter: Bool {
        switch self {
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"): true
        default: "!#$%&'*+-.^_`|~".utf8.contains(self)
        }
    }
}
