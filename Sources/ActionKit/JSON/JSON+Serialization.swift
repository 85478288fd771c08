extension JSON {
    /// The value as JSON text: keys sorted, numbers as they were written; `pretty` has a line for each member and two spaces a level.
    public func serialized(pretty: Bool = false) -> String {
        var writer = JSONWriter()
        writer.write(self, indent: pretty ? 0 : nil)
        return String(decoding: writer.bytes, as: UTF8.self)
    }
}

/// Writes bytes, not characters: every call of a module passes here.
private struct JSONWriter {
    private(set) var bytes: [UInt8] = []

    mutating func write(_ value: JSON, indent: Int?) {
        switch value {
        case .null: write("null")
        case .bool(let value): write(value ? "true" : "false")
        case .number(let value): bytes += value.text.utf8
        case .string(let value): write(quoted: value)
        case .array(let elements):
            write(elements, between: "[", "]", indent: indent) { writer, element, indent in
                writer.write(element, indent: indent)
            }
        case .object(let members):
            write(members.sorted { $0.key < $1.key }, between: "{", "}", indent: indent) { writer, member, indent in
                writer.write(quoted: member.key)
                writer.write(indent == nil ? ":" : ": ")
                writer.write(member.value, indent: indent)
            }
        }
    }

    private mutating func write(_ text: StaticString) {
        text.withUTF8Buffer { bytes += $0 }
    }

    private mutating func write<Part>(
        _ parts: [Part],
        between opening: StaticString,
        _ closing: StaticString,
        indent: Int?,
        part write: (inout JSONWriter, Part, Int?) -> Void
    ) {
        self.write(opening)
        for (position, part) in parts.enumerated() {
            if position > 0 { self.write(",") }
            if let indent { breakLine(indent + 1) }
            write(&self, part, indent.map { $0 + 1 })
        }
        if let indent, !parts.isEmpty { breakLine(indent) }
        self.write(closing)
    }

    private mutating func breakLine(_ indent: Int) {
        write("\n")
        bytes += repeatElement(UInt8(ascii: " "), count: 2 * indent)
    }

    private mutating func write(quoted string: String) {
        write("\"")
        var string = string
        string.withUTF8 { text in
            var plain = 0  // where those bytes begin that are written as they are
            for (index, byte) in text.enumerated() where byte < 0x20 || byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "\\") {
                bytes += text[plain..<index]
                write(escaped: byte)
                plain = index + 1
            }
            bytes += text[plain...]
        }
        write("\"")
    }

    private mutating func write(escaped byte: UInt8) {
        switch byte {
        case UInt8(ascii: "\""): write("\\\"")
        case UInt8(ascii: "\\"): write("\\\\")
        case UInt8(ascii: "\n"): write("\\n")
        case UInt8(ascii: "\r"): write("\\r")
        case UInt8(ascii: "\t"): write("\\t")
        default:
            write(byte < 16 ? "\\u000" : "\\u00")
            bytes += String(byte, radix: 16).utf8
        }
    }
}
