/// Status and header fields, gathered from the lines in which they arrive; interim answers (1xx) are passed over.
package struct ResponseHead {
    package static let fieldLimit = 256
    /// Over all lines of an exchange, those of interim answers and trailers with them.
    static let byteLimit = 64 * 1024

    private(set) var status = 0
    package private(set) var headers: [HTTPHeader] = []
    private var bytes = 0
    private var part = Part.beforeStatus

    /// libcurl calls an answer whole that ends within its fields.
    var isComplete: Bool { part == .complete }

    package init() {}

    private enum Part {
        case beforeStatus
        case fields
        case complete
    }

    /// Takes one line, with its line break.
    /// - Returns: False when there are more fields or bytes than the limits allow.
    package mutating func take(line: UnsafeRawBufferPointer) -> Bool {
        bytes += line.count
        guard bytes <= Self.byteLimit else { return false }
        let text = line.trimmed
        switch part {
        case .beforeStatus:
            takeStatus(text)
        case .fields where text.isEmpty:
            part = status < 200 ? .beforeStatus : .complete
        case .fields:
            takeField(text, isContinuation: line.first.isBlank)
        case .complete:
            break  // A trailer.
        }
        return headers.count <= Self.fieldLimit
    }

    private mutating func takeStatus(_ line: UnsafeRawBufferPointer) {
        let words = line.split(separator: UInt8(ascii: " "), maxSplits: 2)
        guard words.count > 1, words[0].starts(with: "HTTP/".utf8), let status = Int(String(decoding: words[1], as: UTF8.self)) else {
            return
        }
        self.status = status
        headers = []
        part = .fields
    }

    private mutating func takeField(_ line: UnsafeRawBufferPointer, isContinuation: Bool) {
        // Obsolete line folding: RFC 9112, section 5.2.
        if isContinuation, let last = headers.indices.last {
            headers[last].value += " " + String(decoding: line, as: UTF8.self)
            return
        }
        guard let colon = line.firstIndex(of: UInt8(ascii: ":")) else { return }
        let value = UnsafeRawBufferPointer(rebasing: line[(colon + 1)...]).trimmed
        headers.append(HTTPHeader(String(decoding: line[..<colon], as: UTF8.self), String(decoding: value, as: UTF8.self)))
    }
}

extension UInt8? {
    fileprivate var isBlank: Bool { self == UInt8(ascii: " ") || self == UInt8(ascii: "\t") }
}

extension UnsafeRawBufferPointer {
    /// Without white space and line breaks at its ends.
    fileprivate var trimmed: UnsafeRawBufferPointer {
        func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
        guard let first = firstIndex(where: { !isSpace($0) }), let last = lastIndex(where: { !isSpace($0) }) else {
            return UnsafeRawBufferPointer(start: nil, count: 0)
        }
        return UnsafeRawBufferPointer(rebasing: self[first...last])
    }
}
