import FoundationEssentials
import Glibc
import Synchronization
import Testing

@testable import ActionKit

/// A client of a module's server, at the other end of a pair of sockets.
final class ServerClient {
    private let socket: Int32
    private let reader: LineReader
    private var lines: AsyncStream<LineSplitter.Line>.Iterator
    private var lastID = 0

    private init(_ socket: Int32) throws {
        self.socket = socket
        reader = try LineReader(socket, limit: 1 << 20)
        lines = reader.lines.makeAsyncIterator()
    }

    /// Runs the body beside a server of the module, then ends the server's input and waits for it.
    /// - Returns: What the module logged.
    @discardableResult
    static func with(_ module: Module, _ body: (ServerClient) async throws -> Void) async throws -> [String] {
        var ends: [Int32] = [-1, -1]
        try #require(socketpair(AF_UNIX, Int32(SOCK_STREAM.rawValue | SOCK_CLOEXEC.rawValue), 0, &ends) == 0)
        let (near, far) = (ends[0], ends[1])
        let log = Log()
        let server = ModuleServer(
            module,
            input: far,
            output: far,
            now: { Date(timeIntervalSince1970: 7) },
            log: { level, text in log.add("\(level): \(text)") }
        )
        async let running: Void = server.run()
        let client = try ServerClient(near)
        let result: Result<Void, any Error>
        do {
            result = .success(try await body(client))
        } catch {
            result = .failure(error)
        }
        // Unlike closing it, this ends the input also where a child process of another test has inherited the socket.
        shutdown(near, Int32(SHUT_WR))
        try await running
        shutdown(far, Int32(SHUT_WR))
        while await client.lines.next(isolation: #isolation) != nil { client.reader.taken() }
        close(near)
        close(far)
        try result.get()
        return log.lines
    }

    func send(_ message: RPCMessage) {
        send(line: message.json.serialized())
    }

    func send(line: String) {
        var rest = Array((line + "\n").utf8)[...]
        while !rest.isEmpty {
            let count = rest.withUnsafeBytes { write(socket, $0.baseAddress, $0.count) }
            guard count > 0 else { return }
            rest = rest.dropFirst(count)
        }
    }

    func receive() async throws -> JSON {
        let line = try #require(await lines.next(isolation: #isolation))
        reader.taken()
        guard case .complete(let bytes) = line else { throw ActionError("the answer is too long") }
        return try JSON(parsing: bytes)
    }

    /// The result of a request, as the next message.
    func ask(_ method: String, _ params: JSON) async throws -> JSON {
        lastID += 1
        let id = JSON.number(JSONNumber(lastID))
        send(.request(id: id, method: method, params: params))
        let answer = try await receive()
        #expect(answer["id"] == id)
        return try #require(answer["result"], "\(answer)")
    }
}

/// What a module logged.
private final class Log: Sendable {
    private let kept = Mutex<[String]>([])

    var lines: [String] { kept.withLock { $0 } }

    func add(_ line: String) {
        kept.withLock { $0.append(line) }
    }
}
