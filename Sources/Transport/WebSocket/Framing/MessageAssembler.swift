package import NIOCore
import NIOWebSocket

/// What the peer said, whole.
package enum WebSocketEvent: Hashable, Sendable {
    case message(WebSocketMessage)
    /// To be answered with a pong of the same payload.
    case ping([UInt8])
    case pong
    /// nil where the close frame carried no code. Nothing follows.
    case close(WebSocketCloseCode?)
}

/// RFC 6455 for what arrives, for either side: bytes in, events out, and the first thing that is not allowed as an error. Of no more use after that.
package struct MessageAssembler: Sendable {
    /// A message of which fragments have arrived.
    private struct Partial: Sendable {
        var isText: Bool
        var bytes: [UInt8] = []
        var utf8 = UTF8Validator()
    }

    private let maximumMessageSize: Int
    private var decoder: FrameDecoder
    private var frame: FrameHeader?
    private var message: Partial?
    /// Of the control frame that is arriving.
    private var controlPayload: [UInt8] = []
    private var isClosed = false

    /// - Parameter maximumMessageSize: Bytes; a larger message is refused as soon as a frame header announces it.
    package init(role: WebSocketRole, maximumMessageSize: Int) {
        self.maximumMessageSize = maximumMessageSize
        decoder = FrameDecoder(role: role)
    }

    /// - Returns: nil when it takes more bytes to go on, and always after a close frame.
    package mutating func next(from buffer: inout ByteBuffer) throws(ProtocolViolation) -> WebSocketEvent? {
        while !isClosed, let piece = try decoder.next(from: &buffer) {
            switch piece {
            case .header(let header):
                if !header.opcode.isControlOpcode { try beginDataFrame(header) }
                frame = header
            case .payload(let bytes, let endsFrame):
                guard let header = frame else { continue }
                if header.opcode.isControlOpcode {
                    controlPayload += bytes
                    if endsFrame { return try endControlFrame(header.opcode) }
                } else {
                    try append(bytes)
                    if endsFrame, header.isFinal, let message = try endMessage() { return .message(message) }
                }
            }
        }
        return nil
    }

    // MARK: Data

    private mutating func beginDataFrame(_ header: FrameHeader) throws(ProtocolViolation) {
        if header.opcode == .continuation {
            guard message != nil else { throw ProtocolViolation("continuation of nothing") }
        } else {
            guard message == nil else { throw ProtocolViolation("new message inside a fragmented one") }
            message = Partial(isText: header.opcode == .text)
        }
        guard header.length <= maximumMessageSize - (message?.bytes.count ?? 0) else {
            throw ProtocolViolation("message of more than \(maximumMessageSize) bytes", code: .messageTooBig)
        }
    }

    private mutating func append(_ bytes: [UInt8]) throws(ProtocolViolation) {
        if message?.isText == true, message?.utf8.accept(bytes) == false { throw .invalidUTF8 }
        message?.bytes += bytes
    }

    private mutating func endMessage() throws(ProtocolViolation) -> WebSocketMessage? {
        guard let whole = message else { return nil }
        message = nil
        guard whole.isText else { return .binary(whole.bytes) }
        guard whole.utf8.isAtBoundary else { throw .invalidUTF8 }
        return .text(String(decoding: whole.bytes, as: UTF8.self))
    }

    // MARK: Control

    private mutating func endControlFrame(_ opcode: WebSocketOpcode) throws(ProtocolViolation) -> WebSocketEvent {
        let payload = controlPayload
        controlPayload = []
        switch opcode {
        case .ping: return .ping(payload)
        case .pong: return .pong
        default:
            isClosed = true
            return .close(try closeCode(of: payload))
        }
    }

    private func closeCode(of payload: [UInt8]) throws(ProtocolViolation) -> WebSocketCloseCode? {
        if payload.isEmpty { return nil }
        guard payload.count >= 2 else { throw ProtocolViolation("close frame of one byte") }
        let code = WebSocketCloseCode(rawValue: UInt16(payload[0]) << 8 | UInt16(payload[1]))
        guard code.isAllowedOnTheWire else { throw ProtocolViolation("close code \(code.rawValue)") }
        var utf8 = UTF8Validator()
        guard utf8.accept(payload[2...]), utf8.isAtBoundary else { throw .invalidUTF8 }
        return code
    }
}

extension ProtocolViolation {
    fileprivate static let invalidUTF8 = Self("text that is not UTF-8", code: .invalidPayload)
}
