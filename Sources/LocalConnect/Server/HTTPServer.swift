import ConnectWire
import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOPosix
import ServiceLifecycle
import Transport

/// The thin layer between Hummingbird and the service: nothing is decided here.
struct HTTPServer: Sendable {
    let router: Router
    let engine: Engine
    let logger: Logger

    func service(
        host: String,
        port: Int,
        group: any EventLoopGroup,
        isBound: @escaping @Sendable (any Channel) async -> Void
    ) throws -> any Service {
        let builder = HTTPServerBuilder.http1WithWebSockets(configuration: .init(idleTimeout: .seconds(120))) { request in
            await upgrade(request)
        }
        return try builder.buildServer(
            configuration: ServerConfiguration(address: .hostname(host, port: port)),
            eventLoopGroup: group,
            logger: logger,
            responder: { request, writer, _ in try await respond(to: request, writer) },
            onServerRunning: isBound
        )
    }

    private func upgrade(_ request: Request) async -> WebSocketUpgrade {
        guard request.uri.path == "/ws" else { return .ignore }
        do throws(ServiceFault) {
            // A browser asks nobody before it opens a WebSocket to another site.
            try router.checkAccess(ServiceRequest(request).headers)
            let token = request.uri.queryParameters["token"].map(String.init) ?? ""
            return .accept(try await WebSocketDoor(engine: engine, logger: logger).admit(token))
        } catch {
            return .refuse(.init(code: error.status), reason: error.message)
        }
    }

    @concurrent
    private func respond(to request: Request, _ writer: consuming ResponseWriter) async throws {
        if request.headers[.expect]?.lowercased() == "100-continue" {
            // The body is read in any case, if only to be thrown away.
            try await writer.writeInformationalHead(.init(status: .continue))
        }
        let reply = await router.reply(to: ServiceRequest(request))
        guard case .response(let response) = reply else { throw LostAnswer() }
        var head = HTTPTypes.HTTPResponse(status: .init(code: response.status))
        for header in response.headers {
            if let name = HTTPField.Name(header.name) { head.headerFields.append(HTTPField(name: name, value: header.value)) }
        }
        switch response.body {
        case .bytes(let bytes):
            head.headerFields[.contentLength] = String(bytes.count)
            try await writer.write(response: head, body: ResponseBody(byteBuffer: ByteBuffer(bytes: bytes)))
        case .file(let path, let offset, let count):
            head.headerFields[.contentLength] = String(count)
            try await writer.write(response: head, body: .file(path: path, offset: offset, count: count))
        }
    }
}

/// Breaks the connection off without an answer.
private struct LostAnswer: Error {}

extension ServiceRequest {
    fileprivate init(_ request: Request) {
        self.init(
            method: request.method.rawValue,
            target: request.head.path ?? "",
            // What HTTP/1.1 calls Host has a place of its own in Hummingbird's requests.
            headers: request.headers.map { HTTPHeader($0.name.rawName, $0.value) }
                + (request.head.authority.map { [HTTPHeader("Host", $0)] } ?? []),
            body: request.body
        )
    }
}

extension ResponseBody {
    /// Streams a part of a file; a client that reads slowly slows the reading.
    fileprivate static func file(path: String, offset: Int64, count: Int64) -> Self {
        ResponseBody(contentLength: Int(count)) { writer in
            let file = try await NIOThreadPool.singleton.runIfActive { try OutgoingFile(path: path) }
            var position = offset
            while position < offset + count {
                let (start, size) = (position, Int(min(offset + count - position, 128 * 1024)))
                try await writer.write(try await NIOThreadPool.singleton.runIfActive { try file.read(at: start, count: size) })
                position += Int64(size)
            }
            try await writer.finish(nil)
        }
    }
}
