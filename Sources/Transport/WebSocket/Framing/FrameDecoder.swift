import NIOCore
import NIOWebSocket

/// The beginning of a frame.
struct FrameHeader: Sendable {
    var isFinal: Bool
    var opcode: WebSocketOpcode
    /// Of the payload, in bytes.
    var length: Int
    var mask: WebSocketMaskingKey?
}

/// Takes a byte stream apart into frames (RFC 6455, section 5.2).
///
/// NIO's `WebSocketFrameDecoder` would hold every frame until it is whole before anybody can object, and it lets lengths pass that are not in
/// their shortest form. This one refuses a frame by its header, hands the payload on as it comes, and keeps nothing but an unfinished header.
struct FrameDecoder: Sendable {
    enum Piece: Sendable {
        case header(FrameHeader)
        /// Unmasked. Every frame has at least one, if only an empty one.
        case payload([UInt8], endsFrame: Bool)
    }

    private let role: WebSocketRole
    private var headerBytes: [UInt8] = []
    private var frame: FrameHeader?
    private var received = 0

    init(role: WebSocketRole) {
        self.role = role
    }

    /// - Returns: nil when it takes more bytes to go on.
    mutating func next(from buffer: inout ByteBuffer) throws(ProtocolViolation) -> Piece? {
        guard let frame else { return try readHeader(from: &buffer) }
        return readPayload(of: frame, from: &buffer)
    }

    private mutating func readHeader(from buffer: inout ByteBuffer) throws(ProtocolViolation) -> Piece? {
        while headerBytes.count < headerLength {
            guard let byte = buffer.readInteger(as: UInt8.self) else { return nil }
            headerBytes.append(byte)
            if headerBytes.count == 2 { try checkFirstBytes() }
        }
        let header = FrameHeader(
            isFinal: isFinal,
            opcode: opcode,
            length: try payloadLength(),
            mask: isMasked ? WebSocketMaskingKey(headerBytes.suffix(4)) : nil
        )
        headerBytes.removeAll(keepingCapacity: true)
        frame = header
        received = 0
        return .header(header)
    }

    private mutating func readPayload(of frame: FrameHeader, from buffer: inout ByteBuffer) -> Piece? {
        let count = min(frame.length - received, buffer.readableBytes)
        guard count > 0 || frame.length == 0, var bytes = buffer.readBytes(length: count) else { return nil }
        if let mask = frame.mask {
            for index in bytes.indices { bytes[index] ^= mask[(received + index) % 4] }
        }
        received += count
        let endsFrame = received == frame.length
        if endsFrame { self.frame = nil }
        return .payload(bytes, endsFrame: endsFrame)
    }

    // MARK: The header's fields

    private var isFinal: Bool { headerBytes[0] & 0x80 != 0 }
    private var opcode: WebSocketOpcode { WebSocketOpcode(encodedWebSocketOpcode: headerBytes[0] & 0x0F) ?? .continuation }
    private var isMasked: Bool { headerBytes[1] & 0x80 != 0 }
    private var shortLength: Int { Int(headerBytes[1] & 0x7F) }
    private var extendedLengthBytes: Int { shortLength == 127 ? 8 : shortLength == 126 ? 2 : 0 }

    private var headerLength: Int {
        headerBytes.count < 2 ? 2 : 2 + extendedLengthBytes + (isMasked ? 4 : 0)
    }

    private func checkFirstBytes() throws(ProtocolViolation) {
        guard headerBytes[0] & 0x70 == 0 else { throw ProtocolViolation("reserved bits without an extension") }
        switch opcode {
        case .continuation, .text, .binary: break
        case .connectionClose, .ping, .pong:
            guard isFinal else { throw ProtocolViolation("fragmented control frame") }
            guard shortLength <= 125 else { throw ProtocolViolation("control frame of more than 125 bytes") }
        default: throw ProtocolViolation("reserved opcode")
        }
        switch role {
        case .server: guard isMasked else { throw ProtocolViolation("frame without a mask") }
        case .client: guard !isMasked else { throw ProtocolViolation("masked frame from a server") }
        }
    }

    private func payloadLength() throws(ProtocolViolation) -> Int {
        if extendedLengthBytes == 0 { return shortLength }
        let length = headerBytes[2..<(2 + extendedLengthBytes)].reduce(UInt64(0)) { $0 << 8 | UInt64($1) }
        guard length <= UInt64(Int64.max) else { throw ProtocolViolation("length with its highest bit set") }
        guard length > (extendedLengthBytes == 2 ? 125 : 0xFFFF) else { throw ProtocolViolation("length not in its shortest form") }
        return Int(length)
    }
}
