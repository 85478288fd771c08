/// Text that is not JSON, or not within the limits.
public struct JSONError: Error, Hashable, CustomStringConvertible {
    /// Bytes of UTF-8 from the start of the text.
    public let offset: Int
    /// What is wrong there, in words.
    public let problem: String

    public var description: String { "not valid JSON at byte \(offset): \(problem)" }
}

/// What a text may be at most, so that a hostile one costs no more than its length.
public struct JSONLimits: Sendable, Hashable {
    /// How deep arrays and objects may nest. Never more than 512, whatever is asked: the parser, and every reader of a value, recurses.
    public let depth: Int
    /// Bytes of UTF-8.
    public let bytes: Int

    /// Limits; the size is not limited unless told otherwise.
    public init(depth: Int = 128, bytes: Int = .max) {
        self.depth = min(depth, 512)
        self.bytes = bytes
    }
}

extension JSON {
    /// Reads one value by the letter of RFC 8259: duplicate keys, lone surrogates, a byte order mark and anything after the value are refused.
    public init(parsing bytes: some Sequence<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var parser = JSONParser(bytes: Array(bytes), limits: limits)
        self = try parser.document()
    }

    /// Reads one value, as the initialiser for bytes does.
    public init(parsing text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(parsing: text.utf8, limits: limits)
    }

    /// Reads one value that a program wrote, as the initialiser for bytes does, but for half of a surrogate pair: that is read as U+FFFD.
    /// JavaScript and Python write it where they have cut a text within a character.
    package init(mending bytes: some Sequence<UInt8>, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        var parser = JSONParser(bytes: Array(bytes), limits: limits, mendsSurrogates: true)
        self = try parser.document()
    }

    /// Reads one value that a program wrote.
    package init(mending text: String, limits: JSONLimits = JSONLimits()) throws(JSONError) {
        try self.init(mending: text.utf8, limits: limits)
    }
}

private struct JSONParser {
    private let bytes: [UInt8]
    private let limits: JSONLimits
    private let mendsSurrogates: Bool
    private var index = 0
    private var depth = 0

    init(bytes: [UInt8], limits: JSONLimits, mendsSurrogates: Bool = false) {
        self.bytes = bytes
        self.limits = limits
        self.mendsSurrogates = mendsSurrogates
    }

    mutating func document() throws(JSONError) -> JSON {
        guard bytes.count <= limits.bytes else {
            throw JSONError(offset: limits.bytes, problem: "the text has \(bytes.count) bytes; at most \(limits.bytes) are accepted")
        }
        if bytes.starts(with: [0xEF, 0xBB, 0xBF]) {
            throw JSONError(offset: 0, problem: "the text begins with a byte order mark, which JSON does not allow")
        }
        skipSpace()
        let value = try value()
        skipSpace()
        if index < bytes.count { throw unexpected("after the end of the value") }
        return value
    }

    private mutating func value() throws(JSONError) -> JSON {
        switch peek {
        case UInt8(ascii: "{"): return .object(try object())
        case UInt8(ascii: "["): return .array(try array())
        case UInt8(ascii: "\""): return .string(try string())
        case UInt8(ascii: "t"): return try word("true", .bool(true))
        case UInt8(ascii: "f"): return try word("false", .bool(false))
        case UInt8(ascii: "n"): return try word("null", .null)
        case UInt8(ascii: "-"), UInt8(ascii: "0"), UInt8(ascii: "1"), UInt8(ascii: "2"), UInt8(ascii: "3"), UInt8(ascii: "4"),
            UInt8(ascii: "5"), UInt8(ascii: "6"), UInt8(ascii: "7"), UInt8(ascii: "8"), UInt8(ascii: "9"):
            let start = index
            index = try JSONNumber.end(in: bytes, from: start)
            return .number(JSONNumber(checked: String(decoding: bytes[start..<index], as: UTF8.self)))
        default: throw unexpected("where a value should be")
        }
    }

    private mutating func word(_ word: StaticString, _ value: JSON) throws(JSONError) -> JSON {
        for expected in "\(word)".utf8 {
            guard peek == expected else { throw unexpected("in place of '\(word)'") }
            index += 1
        }
        return value
    }

    private mutating func array() throws(JSONError) -> [JSON] {
        try open()
        var elements: [JSON] = []
        if close(UInt8(ascii: "]")) { return elements }
        while true {
            skipSpace()
            elements.append(try value())
            if try !another(before: UInt8(ascii: "]")) { return elements }
        }
    }

    private mutating func object() throws(JSONError) -> [String: JSON] {
        try open()
        var members: [String: JSON] = [:]
        if close(UInt8(ascii: "}")) { return members }
        while true {
            skipSpace()
            let start = index
            guard peek == UInt8(ascii: "\"") else { throw unexpected("where a key in quotes should be") }
            let key = try string()
            skipSpace()
            guard peek == UInt8(ascii: ":") else { throw unexpected("where ':' should be") }
            index += 1
            skipSpace()
            guard members.updateValue(try value(), forKey: key) == nil else {
                throw JSONError(offset: start, problem: "the key \(JSON.string(key)) appears twice")
            }
            if try !another(before: UInt8(ascii: "}")) { return members }
        }
    }

    private mutating func open() throws(JSONError) {
        depth += 1
        guard depth <= limits.depth else { throw JSONError(offset: index, problem: "nested more than \(limits.depth) levels deep") }
        index += 1
    }

    /// Whether the array or object just opened is empty.
    private mutating func close(_ end: UInt8) -> Bool {
        skipSpace()
        guard peek == end else { return false }
        index += 1
        depth -= 1
        return true
    }

    private mutating func another(before end: UInt8) throws(JSONError) -> Bool {
        if close(end) { return false }
        guard peek == UInt8(ascii: ",") else { throw unexpected("where ',' or '\(Character(Unicode.Scalar(end)))' should be") }
        index += 1
        return true
    }

    private var peek: UInt8? { index < bytes.count ? bytes[index] : nil }

    private mutating func skipSpace() {
        while let byte = peek, byte == 0x20 || byte == 0x0A || byte == 0x0D || byte == 0x09 { index += 1 }
    }

    private func unexpected(_ place: String) -> JSONError {
        guard let byte = peek else { return JSONError(offset: index, problem: "the text ends \(place)") }
        let isVisible = (0x21...0x7E).contains(byte)
        let found = isVisible ? "'\(Character(Unicode.Scalar(byte)))'" : "the byte 0x\(String(byte, radix: 16, uppercase: true))"
        return JSONError(offset: index, problem: "found \(found) \(place)")
    }
}

// MARK: Strings

extension JSONParser {
    fileprivate mutating func string() throws(JSONError) -> String {
        let start = index
        index += 1
        var plain = index
        var unescaped: [UInt8] = []
        while let byte = peek {
            switch byte {
            case UInt8(ascii: "\""):
                let text = unescaped.isEmpty ? bytes[plain..<index] : (unescaped + bytes[plain..<index])[...]
                guard let string = String(validating: text, as: UTF8.self) else {
                    throw JSONError(offset: invalidUTF8(from: start), problem: "a string is not valid UTF-8")
                }
                index += 1
                return string
            case UInt8(ascii: "\\"):
                unescaped += bytes[plain..<index]
                unescaped += String(try escape()).utf8
                plain = index
            case 0..<0x20:
                throw JSONError(offset: index, problem: "a control character in a string must be written as an escape")
            default:
                index += 1
            }
        }
        throw JSONError(offset: start, problem: "this string is not closed")
    }

    private mutating func escape() throws(JSONError) -> Unicode.Scalar {
        let start = index
        index += 1
        guard let kind = peek else { throw unexpected("inside an escape") }
        index += 1
        switch kind {
        case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(kind)
        case UInt8(ascii: "b"): return "\u{8}"
        case UInt8(ascii: "f"): return "\u{C}"
        case UInt8(ascii: "n"): return "\n"
        case UInt8(ascii: "r"): return "\r"
        case UInt8(ascii: "t"): return "\t"
        case UInt8(ascii: "u"): return try unicodeEscape(from: start)
        default: throw JSONError(offset: start, problem: "an escape must be one of \\\" \\\\ \\/ \\b \\f \\n \\r \\t \\uXXXX")
        }
    }

    private mutating func unicodeEscape(from start: Int) throws(JSONError) -> Unicode.Scalar {
        let first = try hexDigits()
        if let scalar = Unicode.Scalar(first) { return scalar }
        let end = index
        if first < 0xDC00, peek == UInt8(ascii: "\\"), index + 1 < bytes.count, bytes[index + 1] == UInt8(ascii: "u") {
            index += 2
            let second = try hexDigits()
            if (0xDC00...0xDFFF).contains(second),
                let scalar = Unicode.Scalar(0x10000 + UInt32(first - 0xD800) << 10 + UInt32(second - 0xDC00))
            {
                return scalar
            }
        }
        guard mendsSurrogates else { throw JSONError(offset: start, problem: "half of a surrogate pair without the other half") }
        // What follows it may be the beginning of a pair.
        index = end
        return "\u{FFFD}"
    }

    private mutating func hexDigits() throws(JSONError) -> UInt16 {
        var value: UInt16 = 0
        for _ in 0..<4 {
            guard let byte = peek, let digit = Character(Unicode.Scalar(byte)).hexDigitValue else {
                throw unexpected("where \\u needs four hexadecimal digits")
            }
            value = value << 4 | UInt16(digit)
            index += 1
        }
        return value
    }

    private func invalidUTF8(from start: Int) -> Int {
        var parser = Unicode.UTF8.ForwardParser()
        var rest = bytes[start...].makeIterator()
        var offset = start
        while case .valid(let encoded) = parser.parseScalar(from: &rest) { offset += encoded.count }
        return offset
    }
}
