/// Reads characters and pastes out of the bytes of a terminal. Pure.
struct KeyReader {
    enum Key: Equatable {
        case character(UInt32)
        /// What was pasted, where the terminal marks it; with `\n` between its lines.
        case paste(String)
    }

    private var bytes: ArraySlice<UInt8> = []
    private var pasted: [UInt8]?
    private var mayWait = true

    private static let pasteStart = Array("\u{1b}[200~".utf8)
    private static let pasteEnd = Array("\u{1b}[201~".utf8)
    /// More than this of a paste is not kept.
    private static let pasteLimit = 1 << 20

    /// Whether there are bytes that may be the beginning of something.
    var isWaiting: Bool { !bytes.isEmpty || pasted != nil }

    mutating func feed(_ more: some Sequence<UInt8>) {
        bytes += more
        mayWait = true
    }

    /// Nothing more came for a while: what could be a beginning is taken as it is.
    mutating func giveUpWaiting() {
        mayWait = pasted != nil
    }

    /// - Returns: Nil when more bytes are needed.
    mutating func next() -> Key? {
        if pasted != nil { return nextOfPaste() }
        guard let first = bytes.first else { return nil }
        if first == 0x1b {
            if bytes.starts(with: Self.pasteStart) {
                bytes = bytes.dropFirst(Self.pasteStart.count)
                pasted = []
                return nextOfPaste()
            }
            if mayWait, Self.pasteStart.starts(with: bytes) { return nil }
        }
        return character(first).map(Key.character)
    }

    private mutating func nextOfPaste() -> Key? {
        while let byte = bytes.first {
            if byte == 0x1b {
                if bytes.starts(with: Self.pasteEnd) {
                    bytes = bytes.dropFirst(Self.pasteEnd.count)
                    defer { pasted = nil }
                    return .paste(Self.clean(pasted ?? []))
                }
                if Self.pasteEnd.starts(with: bytes) { return nil }
            }
            bytes = bytes.dropFirst()
            if let count = pasted?.count, count < Self.pasteLimit { pasted?.append(byte) }
        }
        return nil
    }

    /// Without controls but line breaks, and without the break at the end.
    private static func clean(_ bytes: [UInt8]) -> String {
        var text = String(decoding: bytes, as: UTF8.self).replacing("\r\n", with: "\n").replacing("\r", with: "\n").replacing(
            "\t",
            with: "    "
        )
        text.unicodeScalars.removeAll { $0 != "\n" && ($0.value < 0x20 || $0.value == 0x7f) }
        while text.hasSuffix("\n") { text.removeLast() }
        return text
    }

    private mutating func character(_ first: UInt8) -> UInt32? {
        let length =
            switch first {
            case 0xc2...0xdf: 2
            case 0xe0...0xef: 3
            case 0xf0...0xf4: 4
            default: 1
            }
        if bytes.count < length, mayWait { return nil }
        let part = bytes.prefix(length)
        bytes = bytes.dropFirst(part.count)
        if length == 1, first < 0x80 { return UInt32(first) }
        return String(decoding: part, as: UTF8.self).unicodeScalars.first?.value ?? 0xfffd
    }
}
