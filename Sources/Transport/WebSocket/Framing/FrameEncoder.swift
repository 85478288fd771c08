import NIOCore
import NIOWebSocket

/// Writes whole, unfragmented frames.
struct FrameEncoder: Sendable {
    let role: WebSocketRole
    private let allocator = ByteBufferAllocator()

    init(role: WebSocketRole) {
        self.role = role
    }

    func encode(_ message: WebSocketMessage) -> ByteBuffer {
        switch message {
        case .text(let text): frame(.text, text.utf8)
        case .binary(let bytes): frame(.binary, bytes)
        }
    }

    func pong(_ payload: [UInt8]) -> ByteBuffer {
        frame(.pong, payload)
    }

    /// A close frame without a body where the code may not be sent. The reason is cut to what a control frame holds.
    func close(_ code: WebSocketCloseCode, reason: String) -> ByteBuffer {
        guard code.isAllowedOnTheWire else { return frame(.connectionClose, []) }
        var end = reason.endIndex
        while reason.utf8.distance(from: reason.startIndex, to: end) > 123 { end = reason.index(before: end) }
        return frame(.connectionClose, [UInt8(code.rawValue >> 8), UInt8(code.rawValue & 0xFF)] + reason[..<end].utf8)
    }

    private func frame(_ opcode: WebSocketOpcode, _ payload: some Collection<UInt8>) -> ByteBuffer {
        let count = payload.count
        var buffer = allocator.buffer(capacity: count + 14)
        buffer.writeInteger(0x80 | UInt8(webSocketOpcode: opcode))
        let maskBit: UInt8 = role == .client ? 0x80 : 0
        switch count {
        case ...125: buffer.writeInteger(maskBit | UInt8(count))
        case ...0xFFFF: buffer.writeMultipleIntegers(maskBit | 126, UInt16(count))
        default: buffer.writeMultipleIntegers(maskBit | 127, UInt64(count))
        }
        guard role == .client else {
            buffer.writeBytes(payload)
            return buffer
        }
        let mask = WebSocketMaskingKey.random()
        buffer.writeBytes(mask)
        let start = buffer.writerIndex
        buffer.writeBytes(payload)
        buffer.withUnsafeMutableReadableBytes { bytes in
            for index in start..<(start + count) { bytes[index] ^= mask[(index - start) % 4] }
        }
        return buffer
    }
}
