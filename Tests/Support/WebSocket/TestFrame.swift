package import Transport

/// A frame as a test writes it, right or wrong.
package struct TestFrame: Sendable {
    package enum LengthForm: Sendable {
        case shortest
        case word
        case quad
        /// The header says this, whatever the payload has.
        case claimed(UInt64)
    }

    /// FIN, the reserved bits and the opcode.
    package var firstByte: UInt8
    package var payload: [UInt8]
    package var lengthForm: LengthForm
    /// Masked where it must not be, or the other way round.
    package var isMaskedWrongly = false

    package init(firstByte: UInt8, payload: [UInt8], lengthForm: LengthForm = .shortest) {
        self.firstByte = firstByte
        self.payload = payload
        self.lengthForm = lengthForm
    }

    package static func text(_ text: String, final: Bool = true) -> Self { Self(firstByte: final ? 0x81 : 0x01, payload: Array(text.utf8)) }
    package static func text(bytes: [UInt8], final: Bool = true) -> Self { Self(firstByte: final ? 0x81 : 0x01, payload: bytes) }
    package static func binary(_ bytes: [UInt8], final: Bool = true) -> Self { Self(firstByte: final ? 0x82 : 0x02, payload: bytes) }
    package static func continuation(_ bytes: [UInt8], final: Bool = true) -> Self { Self(firstByte: final ? 0x80 : 0x00, payload: bytes) }
    package static func continuation(_ text: String, final: Bool = true) -> Self { continuation(Array(text.utf8), final: final) }
    package static func ping(_ text: String) -> Self { Self(firstByte: 0x89, payload: Array(text.utf8)) }
    package static func pong(_ text: String) -> Self { Self(firstByte: 0x8A, payload: Array(text.utf8)) }
    package static let close = Self(firstByte: 0x88, payload: [])

    package static func close(_ code: UInt16, _ reason: String = "") -> Self {
        Self(firstByte: 0x88, payload: [UInt8(code >> 8), UInt8(code & 0xFF)] + reason.utf8)
    }

    /// As this role would send it, with a mask that is not the same for every frame.
    package func bytes(from sender: WebSocketRole) -> [UInt8] {
        let isMasked = (sender == .client) != isMaskedWrongly
        var bytes = [firstByte]
        let maskBit: UInt8 = isMasked ? 0x80 : 0
        let count = payload.count
        switch lengthForm {
        case .shortest where count <= 125: bytes.append(maskBit | UInt8(count))
        case .shortest where count <= 0xFFFF, .word: bytes += [maskBit | 126, UInt8(count >> 8), UInt8(count & 0xFF)]
        case .shortest, .quad: bytes += [maskBit | 127] + bigEndian(UInt64(count))
        case .claimed(let length): bytes += [maskBit | 127] + bigEndian(length)
        }
        guard isMasked else { return bytes + payload }
        let mask: [UInt8] = [0x37, 0xFA, UInt8(count & 0xFF), firstByte]
        return bytes + mask + payload.enumerated().map { $1 ^ mask[$0 % 4] }
    }

    private func bigEndian(_ value: UInt64) -> [UInt8] {
        (0..<8).map { UInt8(truncatingIfNeeded: value >> UInt64(56 - 8 * $0)) }
    }
}

extension [TestFrame] {
    package func bytes(from sender: WebSocketRole) -> [UInt8] { flatMap { $0.bytes(from: sender) } }
}

/// A frame that one of our sides sent, taken apart by the test's own reading of RFC 6455.
package struct SentFrame: Hashable, Sendable {
    package var firstByte: UInt8
    package var isMasked: Bool
    package var payload: [UInt8]

    package init(firstByte: UInt8, isMasked: Bool, payload: [UInt8]) {
        self.firstByte = firstByte
        self.isMasked = isMasked
        self.payload = payload
    }

    package var isClose: Bool { firstByte == 0x88 }

    /// nil where the close frame is empty.
    package var closeCode: UInt16? { payload.count < 2 ? nil : UInt16(payload[0]) << 8 | UInt16(payload[1]) }

    /// - Returns: nil while the bytes hold no whole frame.
    package static func first(of bytes: inout [UInt8]) -> SentFrame? {
        guard bytes.count >= 2 else { return nil }
        var index = 2
        var count = Int(bytes[1] & 0x7F)
        let extended = count == 127 ? 8 : count == 126 ? 2 : 0
        let isMasked = bytes[1] & 0x80 != 0
        guard bytes.count >= 2 + extended + (isMasked ? 4 : 0) else { return nil }
        if extended > 0 { count = bytes[2..<(2 + extended)].reduce(0) { $0 << 8 | Int($1) } }
        index += extended
        let mask = isMasked ? Array(bytes[index..<(index + 4)]) : [0, 0, 0, 0]
        index += isMasked ? 4 : 0
        guard bytes.count >= index + count else { return nil }
        let payload = bytes[index..<(index + count)].enumerated().map { $1 ^ mask[$0 % 4] }
        defer { bytes.removeFirst(index + count) }
        return SentFrame(firstByte: bytes[0], isMasked: isMasked, payload: payload)
    }
}
