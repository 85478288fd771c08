import FoundationEssentials

/// The grammar of RFC 8259, by the letter.
///
/// A request's body is checked here before it is decoded. Foundation's decoder takes more than JSON: a comma before a closing bracket, a byte
/// order mark, UTF-16, and in members that nobody reads all kinds of numbers.
package struct JSONSyntax {
    /// How deep arrays and objects may nest.
    package static let maximumDepth = 128

    private let bytes: [UInt8]
    private var index = 0
    private var depth = 0

    /// Checks that the bytes are one JSON text, in UTF-8, in which no object has a name twice. Half of a surrogate pair that stands alone (`\ud83d`) is
    /// in the grammar; ``WireJSON`` reads it as U+FFFD.
    package static func check(_ bytes: [UInt8]) throws(JSONSyntaxError) {
        guard String(validating: bytes, as: UTF8.self) != nil else { throw JSONSyntaxError(offset: nil, problem: "the text is not UTF-8") }
        var syntax = JSONSyntax(bytes: bytes)
        syntax.skipSpace()
        try syntax.value()
        syntax.skipSpace()
        if syntax.index < bytes.count { throw syntax.error("something stands after the end of the value") }
    }

    private init(bytes: [UInt8]) {
        self.bytes = bytes
    }

    /// NUL at the end of the text, where nothing takes it.
    private var peek: UInt8 { index < bytes.count ? bytes[index] : 0 }

    private func error(_ problem: String) -> JSONSyntaxError {
        JSONSyntaxError(offset: index, problem: index < bytes.count ? problem : "the text ends too early")
    }

    private mutating func skipSpace() {
        while [0x20, 0x0A, 0x0D, 0x09].contains(peek) { index += 1 }
    }

    private mutating func take(_ byte: UInt8) -> Bool {
        guard peek == byte else { return false }
        index += 1
        return true
    }

    private mutating func value() throws(JSONSyntaxError) {
        switch peek {
        case UInt8(ascii: "{"): try object()
        case UInt8(ascii: "["): try array()
        case UInt8(ascii: "\""): _ = try string()
        case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): try number()
        case UInt8(ascii: "t"): try word("true")
        case UInt8(ascii: "f"): try word("false")
        case UInt8(ascii: "n"): try word("null")
        default: throw error("a value is missing")
        }
    }

    private mutating func word(_ word: String) throws(JSONSyntaxError) {
        for byte in word.utf8 {
            if !take(byte) { throw error("a word other than true, false and null must be in quotes") }
        }
    }

    private mutating func array() throws(JSONSyntaxError) {
        try open()
        if close(UInt8(ascii: "]")) { return }
        repeat {
            skipSpace()
            try value()
        } while try another(before: UInt8(ascii: "]"))
    }

    private mutating func object() throws(JSONSyntaxError) {
        try open()
        if close(UInt8(ascii: "}")) { return }
        var names: Set<String> = []
        repeat {
            skipSpace()
            let start = index
            let name = try string()
            guard names.insert(text(of: name)).inserted else {
                throw JSONSyntaxError(offset: start, problem: "an object has this name twice")
            }
            skipSpace()
            if !take(UInt8(ascii: ":")) { throw error("':' is missing after a name") }
            skipSpace()
            try value()
        } while try another(before: UInt8(ascii: "}"))
    }

    private mutating func open() throws(JSONSyntaxError) {
        depth += 1
        guard depth <= Self.maximumDepth else { throw error("the text nests more than \(Self.maximumDepth) levels deep") }
        index += 1
    }

    private mutating func close(_ end: UInt8) -> Bool {
        skipSpace()
        guard take(end) else { return false }
        depth -= 1
        return true
    }

    private mutating func another(before end: UInt8) throws(JSONSyntaxError) -> Bool {
        if close(end) { return false }
        if !take(UInt8(ascii: ",")) { throw error("',' or a closing bracket is missing") }
        return true
    }

    private mutating func number() throws(JSONSyntaxError) {
        _ = take(UInt8(ascii: "-"))
        if !take(UInt8(ascii: "0")) { try digits() }
        if take(UInt8(ascii: ".")) { try digits() }
        if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
            _ = take(UInt8(ascii: "+")) || take(UInt8(ascii: "-"))
            try digits()
        }
    }

    private mutating func digits() throws(JSONSyntaxError) {
        let digits = UInt8(ascii: "0")...UInt8(ascii: "9")
        guard digits.contains(peek) else { throw error("a number lacks a digit") }
        while digits.contains(peek) { index += 1 }
    }
}

// Strings
extension JSONSyntax {
    /// - Returns: Where the string is, its quotes with it.
    private mutating func string() throws(JSONSyntaxError) -> Range<Int> {
        let start = index
        if !take(UInt8(ascii: "\"")) { throw error("a name in quotes is missing") }
        while !take(UInt8(ascii: "\"")) {
            switch peek {
            case UInt8(ascii: "\\"): try escape()
            case 0..<0x20: throw error("a control character in a string must be written as an escape")
            default: index += 1
            }
        }
        return start..<index
    }

    private mutating func escape() throws(JSONSyntaxError) {
        index += 1
        if take(UInt8(ascii: "u")) {
            let digits = bytes[index...].prefix(4)
            guard digits.count == 4, digits.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }) else {
                throw error("\\u needs four hexadecimal digits")
            }
            index += 4
        } else {
            guard #""\/bfnrt"#.utf8.contains(peek) else { throw error("there is no such escape") }
            index += 1
        }
    }

    /// A string's own text, so that a name is the same however it is written.
    private func text(of string: Range<Int>) -> String {
        let quoted = bytes[string]
        let plain = String(decoding: quoted.dropFirst().dropLast(), as: UTF8.self)
        guard quoted.contains(UInt8(ascii: "\\")) else { return plain }
        return (try? WireJSON.decode(String.self, from: quoted)) ?? plain
    }
}

/// Bytes that are not JSON: where, and why. Without the content, which may be private.
package struct JSONSyntaxError: Error, Hashable, CustomStringConvertible {
    /// Bytes from the start; nil where the whole is meant.
    package let offset: Int?
    package let problem: String

    package var description: String { problem + (offset.map { " (byte \($0))" } ?? "") }
}
