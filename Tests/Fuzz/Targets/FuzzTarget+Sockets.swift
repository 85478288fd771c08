import NIOCore
import NIOHTTP1
import Transport

extension FuzzTarget {
    static let webSocket = FuzzTarget("websocket", "the bytes of a WebSocket, from either side", tokens: frames) { bytes in
        for role in [WebSocketRole.client, .server] {
            let whole = conversation(bytes, role, piece: bytes.count)
            for size in [1, 3] {
                requireSame(whole) { conversation(bytes, role, piece: size) }
            }
        }
    }

    private static let messageLimit = 1 << 16

    /// What is heard, and what is wrong with the rest, in words; the same however the bytes are cut into pieces.
    private static func conversation(_ bytes: [UInt8], _ role: WebSocketRole, piece size: Int) -> [String] {
        var assembler = MessageAssembler(role: role, maximumMessageSize: messageLimit)
        var heard: [String] = []
        var rest = bytes[...]
        do throws(ProtocolViolation) {
            while !rest.isEmpty {
                var buffer = ByteBuffer(bytes: rest.prefix(size))
                rest = rest.dropFirst(size)
                while let event = try assembler.next(from: &buffer) {
                    if case .message(.binary(let bytes)) = event {
                        require(bytes.count <= messageLimit, "a message is longer than the limit")
                    }
                    if case .message(.text(let text)) = event {
                        require(text.utf8.count <= messageLimit, "a message is longer than the limit")
                    }
                    heard.append("\(event)")
                }
            }
        } catch {
            heard.append("\(error)")
        }
        return heard
    }

    static let httpHead = FuzzTarget("http-head", "heads of HTTP answers, on a WebSocket and through libcurl", tokens: headTokens) {
        bytes in
        let whole = head(bytes, piece: bytes.count)
        requireSame(whole) { head(bytes, piece: 1) }
        var gathered = ResponseHead()
        for line in bytes.split(separator: UInt8(ascii: "\n"), omittingEmptySubsequences: false) {
            guard (line + "\n".utf8).withUnsafeBytes({ gathered.take(line: $0) }) else { break }
        }
        require(gathered.headers.count <= ResponseHead.fieldLimit + 1, "more header fields than the limit")
    }

    private static func head(_ bytes: [UInt8], piece size: Int) -> String {
        var reader = ResponseHeadReader()
        var rest = bytes[...]
        do throws(ResponseHeadReader.Malformed) {
            while !rest.isEmpty {
                var buffer = ByteBuffer(bytes: rest.prefix(size))
                rest = rest.dropFirst(size)
                if let head = try reader.next(from: &buffer) {
                    _ = try? ServerHandshake(method: .GET, headers: head.headers)
                    return "\(head), then \(buffer.readableBytes + rest.count) bytes"
                }
            }
            return "no end"
        } catch {
            return error.problem
        }
    }

    /// Texts whose UTF-8 is the beginning of frames.
    private static let frames = ["\u{1}", "\u{2}", "\u{7E}\u{0}\u{7F}", "\u{7F}\u{0}\u{0}\u{0}\u{0}\u{0}\u{1}\u{0}\u{0}", "\u{3}\u{E8}"]

    private static let headTokens = [
        "HTTP/1.1 101 Switching Protocols\r\n", "HTTP/1.1 100 Continue\r\n\r\n", "Upgrade: websocket\r\n", "Connection: Upgrade\r\n",
        "Sec-WebSocket-Accept: ", "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n", "Sec-WebSocket-Version: 13\r\n", "\r\n\r\n", "\n",
        " : ",
        "HTTP/2 999", "\r\n\t",
    ]
}
