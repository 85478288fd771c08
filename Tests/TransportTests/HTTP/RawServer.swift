import Foundation
import Synchronization

/// A server on loopback that knows no HTTP: what it received is kept to the byte, and what it answers is up to the test.
///
/// Every connection is served on a thread of its own.
final class RawServer: Sendable {
    typealias Service = @Sendable (RawConnection) -> Void

    let port: UInt16
    private let listener: Int32
    private let state = Mutex(State())

    private struct State {
        var connections = 0
        var requests: [RawRequest] = []
    }

    init(_ serve: @escaping Service) throws {
        let listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue) | Int32(SOCK_CLOEXEC.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        let isBound = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                bind(listener, $0, length) == 0 && listen(listener, 512) == 0 && getsockname(listener, $0, &length) == 0
            }
        }
        guard isBound else { throw POSIXError(.EADDRNOTAVAIL) }
        port = UInt16(bigEndian: address.sin_port)
        self.listener = listener
        Thread.detachNewThread { [weak self] in
            // Closed by the thread that uses it; else it could accept from whoever gets the number next.
            defer { close(listener) }
            while true {
                let descriptor = accept(listener, nil, nil)
                if descriptor < 0 && errno != EINVAL { continue }
                guard descriptor >= 0, let self else { return }
                let connection = RawConnection(descriptor: descriptor, number: self.nextNumber(), server: self)
                Thread.detachNewThread {
                    serve(connection)
                    connection.close()
                }
            }
        }
    }

    /// Answers every request on every connection.
    convenience init(answer: @escaping @Sendable (RawRequest) -> String) throws {
        try self.init { connection in
            while let request = connection.readRequest() { connection.write(answer(request)) }
        }
    }

    deinit {
        shutdown(listener, Int32(SHUT_RDWR))
    }

    func url(_ path: String = "/") -> String { "http://127.0.0.1:\(port)\(path)" }

    /// In the order in which they were complete.
    var requests: [RawRequest] { state.withLock { $0.requests } }

    var connections: Int { state.withLock { $0.connections } }

    fileprivate func record(_ request: RawRequest) {
        state.withLock { $0.requests.append(request) }
    }

    private func nextNumber() -> Int {
        state.withLock { state in
            state.connections += 1
            return state.connections
        }
    }
}

/// One request as it came.
struct RawRequest: Sendable {
    /// The number of its connection, from 1.
    var connection: Int
    /// Everything before the empty line.
    var head: String
    var body: [UInt8]

    var lines: [String] { head.components(separatedBy: "\r\n") }

    /// The field lines with this name.
    func fields(_ name: String) -> [String] {
        lines.dropFirst().filter { $0.lowercased().hasPrefix(name.lowercased() + ":") }
    }
}

/// An accepted connection. Its calls block, so it belongs to the server's thread.
final class RawConnection: @unchecked Sendable {
    let number: Int
    private let descriptor: Int32
    private weak var server: RawServer?
    private var buffer: [UInt8] = []
    private var isClosed = false

    fileprivate init(descriptor: Int32, number: Int, server: RawServer) {
        self.descriptor = descriptor
        self.number = number
        self.server = server
        var on: Int32 = 1
        setsockopt(descriptor, Int32(IPPROTO_TCP), TCP_NODELAY, &on, socklen_t(MemoryLayout<Int32>.size))
    }

    /// The next whole request; nil when the peer is gone.
    func readRequest() -> RawRequest? {
        guard let head = readHead() else { return nil }
        var request = RawRequest(connection: number, head: head, body: [])
        let length = request.fields("content-length").first.flatMap {
            Int($0.drop { $0 != ":" }.dropFirst().trimmingCharacters(in: .whitespaces))
        }
        while buffer.count < length ?? 0 {
            if !readMore() { return nil }
        }
        request.body = Array(buffer.prefix(length ?? 0))
        buffer.removeFirst(request.body.count)
        server?.record(request)
        return request
    }

    /// Everything before the empty line; what follows stays to be read.
    func readHead() -> String? {
        while true {
            if let end = buffer.firstRange(of: Array("\r\n\r\n".utf8)) {
                defer { buffer.removeSubrange(..<end.upperBound) }
                return String(decoding: buffer[..<end.lowerBound], as: UTF8.self)
            }
            if !readMore() { return nil }
        }
    }

    /// Reads and drops what comes, until the peer is gone or there was as much as this.
    @discardableResult
    func drain(atMost limit: Int = .max) -> Int {
        var count = buffer.count
        buffer = []
        while count < limit, readMore() {
            count += buffer.count
            buffer = []
        }
        return count
    }

    func write(_ text: String) {
        write(Array(text.utf8))
    }

    func write(_ bytes: [UInt8]) {
        var rest = bytes[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { send(descriptor, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL)) }
            if count <= 0 { return }
            rest = rest.dropFirst(count)
        }
    }

    func close() {
        if !isClosed { Glibc.close(descriptor) }
        isClosed = true
    }

    /// Closes without a goodbye, so that the peer sees a reset.
    func reset() {
        var linger = linger(l_onoff: 1, l_linger: 0)
        setsockopt(descriptor, SOL_SOCKET, SO_LINGER, &linger, socklen_t(MemoryLayout.size(ofValue: linger)))
        close()
    }

    private func readMore() -> Bool {
        var chunk = [UInt8](repeating: 0, count: 64 * 1024)
        let count = recv(descriptor, &chunk, chunk.count, 0)
        if count > 0 { buffer += chunk[..<count] }
        return count > 0
    }
}

extension RawServer {
    /// Answers the first request, resets the connection in the middle of the second, and takes all that comes on other connections.
    static func breakingUploadOnce() throws -> RawServer {
        try RawServer { connection in
            if connection.number == 1 {
                _ = connection.readRequest()
                connection.write(answer())
                _ = connection.readHead()
                connection.drain(atMost: 200_000)
                return connection.reset()
            }
            while connection.readRequest() != nil { connection.write(answer("201 Created")) }
        }
    }
}

/// An answer with a Content-Length.
func answer(_ status: String = "200 OK", _ fields: [String] = [], body: String = "") -> String {
    (["HTTP/1.1 \(status)"] + fields + ["Content-Length: \(body.utf8.count)", "", body]).joined(separator: "\r\n")
}
