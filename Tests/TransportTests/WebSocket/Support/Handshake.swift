import Crypto
import FoundationEssentials

/// The upgrade as a test writes it. Key and answer are the example of RFC 6455, section 1.3.
enum Handshake {
    static let key = "dGhlIHNhbXBsZSBub25jZQ=="
    static let accept = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="

    static let request = request()

    static func request(_ changes: [String: String?] = [:], line: String = "GET /chat?ticket=secret HTTP/1.1") -> String {
        var headers: [String: String?] = [
            "Host": "localhost", "Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Key": key, "Sec-WebSocket-Version": "13",
        ]
        headers.merge(changes) { $1 }
        return message(line, headers)
    }

    /// What a server answers to these lines of a client, with changes.
    static func response(
        to request: [String],
        _ changes: [String: String?] = [:],
        line: String = "HTTP/1.1 101 Switching Protocols"
    ) -> String {
        var headers: [String: String?] = ["Upgrade": "websocket", "Connection": "Upgrade", "Sec-WebSocket-Accept": answer(to: request)]
        headers.merge(changes) { $1 }
        return message(line, headers)
    }

    private static func answer(to request: [String]) -> String {
        let prefix = "Sec-WebSocket-Key: "
        let key = request.first { $0.hasPrefix(prefix) }?.dropFirst(prefix.count) ?? ""
        let digest = Insecure.SHA1.hash(data: Data("\(key)258EAFA5-E914-47DA-95CA-C5AB0DC85B11".utf8))
        return Data(digest).base64EncodedString()
    }

    private static func message(_ line: String, _ headers: [String: String?]) -> String {
        let fields = headers.compactMap { name, value in value.map { "\(name): \($0)\r\n" } }.sorted().joined()
        return "\(line)\r\n\(fields)\r\n"
    }
}
