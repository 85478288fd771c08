import FoundationEssentials

/// Reads JSON that came over a wire.
package enum WireJSON {
    /// Decodes a value, with half of a surrogate pair read as U+FFFD. A customer's program writes that where it has cut a text within a character,
    /// and `JSONDecoder` would refuse the whole message for it.
    package static func decode<Value: Decodable>(_ type: Value.Type, from bytes: some Sequence<UInt8>) throws -> Value {
        try JSONDecoder().decode(type, from: Data(mended(Array(bytes))))
    }

    private static let backslash = UInt8(ascii: "\\")
    /// Of an escape for a code unit, with its backslash.
    private static let escapeLength = 6

    /// Escaped halves of surrogate pairs become the escape of U+FFFD, which is as long.
    private static func mended(_ bytes: [UInt8]) -> [UInt8] {
        var bytes = bytes
        var index = 0
        while let escape = bytes[index...].firstIndex(of: backslash), escape + 1 < bytes.count {
            index = escape + 2
            guard let unit = codeUnit(in: bytes, at: escape) else { continue }
            index = escape + escapeLength
            guard UTF16.isSurrogate(unit) else { continue }
            if UTF16.isLeadSurrogate(unit), let next = codeUnit(in: bytes, at: index), UTF16.isTrailSurrogate(next) {
                index += escapeLength
            } else {
                bytes.replaceSubrange(escape + 2..<index, with: "FFFD".utf8)
            }
        }
        return bytes
    }

    /// Of an escape like `\u00e9`; nil for anything else.
    private static func codeUnit(in bytes: [UInt8], at escape: Int) -> UInt16? {
        guard escape + escapeLength <= bytes.count, bytes[escape] == backslash, bytes[escape + 1] == UInt8(ascii: "u") else { return nil }
        return UInt16(String(decoding: bytes[escape + 2..<escape + escapeLength], as: UTF8.self), radix: 16)
    }
}
