import HTTPTypes
import Hummingbird
import HummingbirdCore
import Logging
import NIOCore
import NIOHTTP1
import NIOHTTPTypes
import NIOHTTPTypesHTTP1
import ServiceLifecycle
import Transport

/// A connection that speaks HTTP/1.1 until a request turns it into a WebSocket.
struct WebSocketUpgradeChannel: HTTPChannelHandler {
    typealias Value = NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>

    let responder: Responder
    private let configuration: HTTP1Channel.Configuration

    init(
        responder: @escaping Responder,
        configuration: HTTP1Channel.Configuration,
        upgrade: @escaping @Sendable (Request) async -> WebSocketUpgrade
    ) {
        self.configuration = configuration
        self.responder = { request, writer, channel in
            let headers = HTTPHeaders(request.headers.map { ($0.name.rawName, $0.value) })
            guard headers.contains(name: "Upgrade") else { return try await responder(request, writer, channel) }
            let decision = ServerHandshake.isRequested(in: headers) ? await upgrade(request) : .ignore
            switch decision {
            case .ignore:
                try await responder(request, writer, channel)
            case .refuse(let status):
                try await Self.refuse(status, [:], nil, writer)
            case .accept(let handler):
                do throws(ServerHandshake.Refusal) {
                    let handshake = try ServerHandshake(method: .init(rawValue: request.method.rawValue), headers: headers)
                    return await Self.run(handler, handshake, channel)
                } catch {
                    try await Self.refuse(.init(code: error.status), error.headers, error.reason, writer)
                }
            }
            // The HTTP parser goes no further than a request with an Upgrade header.
            channel.close(mode: .output, promise: nil)
        }
    }

    func setup(channel: any Channel, logger: Logger) -> EventLoopFuture<Value> {
        channel.eventLoop.makeCompletedFuture {
            var limits = NIOHTTPDecoderLimitConfiguration()
            limits.maxHeaderFieldSize = configuration.httpDecoder.maxHeaderFieldSize
            limits.maxHeaderListSize = configuration.httpDecoder.maxHeaderListSize
            limits.maxHeaderFieldCount = configuration.httpDecoder.maxHeaderFieldCount
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(HTTPResponseEncoder())
            try pipeline.addHandler(
                ByteToMessageHandler(HTTPRequestDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
            )
            try pipeline.addHandler(HTTP1ToHTTPServerCodec(secure: false))
            try pipeline.addHandlers(configuration.additionalChannelHandlers())
            try pipeline.addHandler(
                HTTPConnectionStateHandler(idleTimeout: configuration.idleTimeout.map { .init($0) }, logger: logger)
            )
            return try NIOAsyncChannel(wrappingChannelSynchronously: channel, configuration: .init(isOutboundHalfClosureEnabled: true))
        }
    }

    func handle(value channel: Value, logger: Logger) async {
        await handleHTTP(asyncChannel: channel, logger: logger)
    }

    @concurrent
    private static func refuse(
        _ status: HTTPResponse.Status,
        _ headers: [String: String],
        _ reason: String?,
        _ writer: consuming ResponseWriter
    ) async throws {
        var fields: HTTPFields = [.connection: "close", .contentType: "text/plain; charset=utf-8"]
        for (name, value) in headers {
            if let name = HTTPField.Name(name) { fields[name] = value }
        }
        let text = reason ?? status.reasonPhrase
        fields[.contentLength] = String(text.utf8.count)
        try await writer.write(
            response: HTTPResponse(status: status, headerFields: fields),
            body: .init(byteBuffer: ByteBuffer(string: text))
        )
    }

    private static func run(
        _ handler: @Sendable (any WebSocket) async -> Void,
        _ handshake: ServerHandshake,
        _ channel: any Channel
    ) async {
        guard let socket = try? await accept(handshake, on: channel) else {
            // The client has gone meanwhile.
            return
        }
        await withGracefulShutdownHandler {
            await handler(socket)
        } onGracefulShutdown: {
            socket.beginClosing(.goingAway, reason: "the server shuts down")
        }
        await socket.close(.normal, reason: "")
    }

    /// Replaces everything that speaks HTTP. What stays behind the socket's handler sees no more bytes.
    private static func accept(_ handshake: ServerHandshake, on channel: any Channel) async throws -> NIOWebSocket {
        try await channel.eventLoop.submit {
            let pipeline = channel.pipeline.syncOperations
            let decoder = try pipeline.handler(type: ByteToMessageHandler<HTTPRequestDecoder>.self)
            pipeline.removeHandler(try pipeline.handler(type: HTTPResponseEncoder.self), promise: nil)
            pipeline.removeHandler(try pipeline.handler(type: HTTP1ToHTTPServerCodec.self), promise: nil)
            pipeline.removeHandler(try pipeline.handler(type: HTTPConnectionStateHandler.self), promise: nil)
            let socket = try handshake.accept(on: channel, after: decoder)
            pipeline.removeHandler(decoder, promise: nil)
            return socket
        }.get()
    }
}
