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
    /// An accepted connection. Nothing is read from it before somebody serves it, and it is closed when nobody does any more.
    ///
    /// A `NIOAsyncChannel` in its place would end the process if the server were cancelled between accepting and serving.
    final class Value: ServerChildChannelValue {
        let channel: any Channel

        init(_ channel: any Channel) {
            self.channel = channel
        }

        deinit {
            channel.close(promise: nil)
        }
    }

    let responder: Responder
    private let configuration: HTTP1Channel.Configuration

    init(
        responder: @escaping Responder,
        configuration: HTTP1Channel.Configuration,
        upgrade: @escaping @Sendable (Request) async -> WebSocketUpgrade
    ) {
        self.configuration = configuration
        self.responder = { request, writer, channel in
            guard request.headers.contains(.upgrade) else { return try await responder(request, writer, channel) }
            let headers = HTTPHeaders(request.headers.map { ($0.name.rawName, $0.value) })
            let decision = ServerHandshake.isRequested(in: headers) ? await upgrade(request) : .ignore
            switch decision {
            case .ignore:
                try await responder(request, writer, channel)
            case .refuse(let status, let reason):
                try await Self.refuse(status, [:], reason, writer)
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
            try channel.syncOptions?.setOption(.autoRead, value: false)
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
            try pipeline.addHandler(HeldInput())
            return Value(channel)
        }
    }

    func handle(value connection: Value, logger: Logger) async {
        let channel = connection.channel
        let http = try? await channel.eventLoop.submit {
            let http = try NIOAsyncChannel<HTTPRequestPart, HTTPResponsePart>(
                wrappingChannelSynchronously: channel,
                configuration: .init(isOutboundHalfClosureEnabled: true)
            )
            let pipeline = channel.pipeline.syncOperations
            pipeline.removeHandler(try pipeline.handler(type: HeldInput.self), promise: nil)
            try channel.syncOptions?.setOption(.autoRead, value: true)
            return http
        }.get()
        // nil where the client has gone already.
        if let http { await handleHTTP(asyncChannel: http, logger: logger) }
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
            return channel.close(promise: nil)
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
