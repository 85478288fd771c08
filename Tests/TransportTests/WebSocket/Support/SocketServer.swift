import NIOCore
import NIOHTTP1
import NIOPosix
import NIOSSL
import Transport

/// The server's side of a WebSocket as the transport has it, on a NIO server without a web framework.
enum SocketServer {
    /// Serves every upgraded connection on a free port, while the body runs.
    /// - Parameter identity: For TLS; nil for none.
    static func run<Value: Sendable>(
        identity: Certificates.Identity? = nil,
        maximumMessageSize: Int = NIOWebSocket.defaultMaximumMessageSize,
        serving serve: @escaping @Sendable (NIOWebSocket) async throws -> Void,
        _ body: @escaping @Sendable (_ port: Int) async throws -> Value
    ) async throws -> Value {
        let tls = try identity.map { try $0.serverContext() }
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .serverChannelOption(.backlog, value: 4096)
            .bind(host: "127.0.0.1", port: 0) { channel in
                channel.eventLoop.makeCompletedFuture {
                    let upgrade = UpgradeHandler(maximumMessageSize: maximumMessageSize, socket: channel.eventLoop.makePromise())
                    let pipeline = channel.pipeline.syncOperations
                    if let tls { try pipeline.addHandler(NIOSSLServerHandler(context: tls)) }
                    try pipeline.addHandler(HTTPResponseEncoder())
                    try pipeline.addHandler(ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes)))
                    try pipeline.addHandler(upgrade)
                    return upgrade.socket.futureResult
                }
            }
        let port = server.channel.localAddress?.port ?? 0
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await withThrowingDiscardingTaskGroup { connections in
                    try await server.executeThenClose { inbound in
                        for try await upgraded in inbound {
                            connections.addTask {
                                guard let socket = try? await upgraded.get() else { return }
                                try? await serve(socket)
                                await socket.close(.normal, reason: "")
                            }
                        }
                    }
                }
            }
            defer { group.cancelAll() }
            return try await body(port)
        }
    }

    /// Sends back whatever comes, until the end.
    static func echo(_ socket: NIOWebSocket) async throws {
        while true { try await socket.send(socket.receive()) }
    }
}

extension Certificates.Identity {
    fileprivate func serverContext() throws -> NIOSSLContext {
        let certificates = try NIOSSLCertificate.fromPEMBytes(Array(certificate.utf8)).map { NIOSSLCertificateSource.certificate($0) }
        let privateKey = try NIOSSLPrivateKey(bytes: Array(key.utf8), format: .pem)
        return try NIOSSLContext(
            configuration: .makeServerConfiguration(certificateChain: certificates, privateKey: .privateKey(privateKey))
        )
    }
}

private final class UpgradeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias OutboundOut = HTTPServerResponsePart

    let socket: EventLoopPromise<NIOWebSocket>
    private let maximumMessageSize: Int
    private var head: HTTPRequestHead?

    init(maximumMessageSize: Int, socket: EventLoopPromise<NIOWebSocket>) {
        self.maximumMessageSize = maximumMessageSize
        self.socket = socket
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head(let head): self.head = head
        case .body: break
        case .end: answer(context: context)
        }
    }

    private func answer(context: ChannelHandlerContext) {
        guard let head else { return }
        do throws(ServerHandshake.Refusal) {
            let handshake = try ServerHandshake(method: head.method, headers: head.headers)
            accept(handshake, context: context)
        } catch {
            let headers = HTTPHeaders(error.headers.map { ($0.key, $0.value) } + [("Connection", "close"), ("Content-Length", "0")])
            let response = HTTPResponseHead(version: .http1_1, status: .init(statusCode: error.status), headers: headers)
            context.write(wrapOutboundOut(.head(response)), promise: nil)
            context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
            context.close(promise: nil)
        }
    }

    private func accept(_ handshake: ServerHandshake, context: ChannelHandlerContext) {
        let pipeline = context.pipeline.syncOperations
        socket.completeWith(
            Result {
                let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
                pipeline.removeHandler(try pipeline.handler(type: HTTPResponseEncoder.self), promise: nil)
                pipeline.removeHandler(self, promise: nil)
                let socket = try handshake.accept(on: context.channel, after: decoder, maximumMessageSize: maximumMessageSize)
                pipeline.removeHandler(decoder, promise: nil)
                return socket
            }
        )
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        // Does nothing where the upgrade was made.
        context.eventLoop.assumeIsolated().execute { self.socket.fail(ChannelError.eof) }
    }
}
