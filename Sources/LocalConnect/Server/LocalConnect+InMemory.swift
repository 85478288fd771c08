import ConnectWire
import Glibc
import NIOCore
package import Transport

// The service for callers in the same process: no socket and no thread, so that it also lives by a virtual clock.
extension LocalConnect {
    /// The URL under which it is known then. Nothing listens there.
    package static let inMemoryEndpoint = "http://127.0.0.1:1"

    /// Serves callers in the same process until the task is cancelled.
    package func runInMemory() async throws {
        defer { storage.close() }
        isBound(at: Self.inMemoryEndpoint)
        try await withThrowingTaskGroup { group in
            group.addTask { try await self.engine.run() }
            group.addTask { await self.delivery.run() }
            defer { group.cancelAll() }
            try await group.next()
        }
    }

    /// A client whose calls come here.
    package var inMemoryHTTP: InMemoryHTTPClient {
        InMemoryHTTPClient(time: time) { request in
            // Objects are read and written on other threads.
            await self.time.whileBusy { await self.respond(to: request) }
        }
    }

    /// A client whose WebSockets end here.
    package var inMemorySockets: InMemoryWebSocketClient {
        InMemoryWebSocketClient(time: time) { url throws(WebSocketError) in
            let token = url.split(separator: "token=", maxSplits: 1).last.map(String.init) ?? ""
            do throws(ServiceFault) {
                return try await WebSocketDoor(engine: self.engine, logger: self.logger).admit(token)
            } catch {
                throw WebSocketError(.refused(status: error.status), detail: error.message)
            }
        }
    }

    private func respond(to request: HTTPRequest) async -> HTTPResponse? {
        let target = request.url.dropFirst(Self.inMemoryEndpoint.utf8.count)
        let received = ServiceRequest(
            method: request.method,
            target: String(target),
            headers: request.headers,
            body: request.body.parts.map { ByteBuffer(bytes: $0) }
        )
        guard case .response(let response) = await respond(to: received) else { return nil }
        switch response.body {
        case .bytes(let bytes):
            return HTTPResponse(status: response.status, headers: response.headers, body: bytes)
        case .file(let path, let offset, let count):
            guard let bytes = try? OutgoingFile(path: path).read(at: offset, count: Int(count)) else { return nil }
            return HTTPResponse(status: response.status, headers: response.headers, body: Array(bytes.readableBytesView))
        }
    }
}
