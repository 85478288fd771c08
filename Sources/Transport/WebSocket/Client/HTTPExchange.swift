import NIOCore
import NIOHTTP1

/// One HTTP request and the head of its response, at the beginning of a connection that then speaks something else.
struct HTTPExchange {
    private let channel: any Channel
    private let encoder = HTTPRequestEncoder()
    private let decoder: ByteToMessageHandler<HTTPResponseDecoder>
    private let handler: HTTPExchangeHandler

    /// On the channel's event loop.
    private init(_ request: HTTPRequestHead, on channel: any Channel) throws {
        self.channel = channel
        var limits = NIOHTTPDecoderLimitConfiguration()
        limits.maxHeaderFieldSize = 16 * 1024
        limits.maxHeaderListSize = 64 * 1024
        limits.maxHeaderFieldCount = 100
        decoder = ByteToMessageHandler(HTTPResponseDecoder(leftOverBytesStrategy: .forwardBytes, limitConfiguration: limits))
        handler = HTTPExchangeHandler(request: request, response: channel.eventLoop.makePromise())
        try channel.pipeline.syncOperations.addHandlers([encoder, decoder, handler])
    }

    /// Sends the request, and makes way for the next protocol when the response is accepted.
    /// - Parameter accept: Throws where the connection is of no use.
    /// - Parameter next: Adds the handlers of the next protocol. They get every byte that follows the response.
    static func run<Value: Sendable>(
        _ request: HTTPRequestHead,
        on channel: any Channel,
        accept: @escaping @Sendable (HTTPResponseHead) throws -> Void,
        next: @escaping @Sendable () throws -> Value
    ) -> EventLoopFuture<Value> {
        channel.eventLoop.assertInEventLoop()
        do {
            let exchange = try HTTPExchange(request, on: channel)
            let pipeline = channel.pipeline.syncOperations
            return exchange.handler.response.futureResult.assumeIsolated()
                .flatMapThrowing(accept)
                // The decoder is out of the way one turn of the loop later; only then may other bytes be written.
                .flatMap { pipeline.removeHandler(exchange.decoder) }
                .flatMapThrowing {
                    pipeline.removeHandler(exchange.encoder, promise: nil)
                    let value = try next()
                    pipeline.removeHandler(exchange.handler, promise: nil)
                    return value
                }
                .nonisolated()
        } catch {
            return channel.eventLoop.makeFailedFuture(error)
        }
    }
}

/// Sends the request, completes the promise, and keeps the bytes that follow the response until it is removed.
private final class HTTPExchangeHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPClientResponsePart
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = HTTPClientRequestPart

    let response: EventLoopPromise<HTTPResponseHead>
    private let request: HTTPRequestHead
    private var head: HTTPResponseHead?
    private var isOver = false
    private var following: [NIOAny] = []

    init(request: HTTPRequestHead, response: EventLoopPromise<HTTPResponseHead>) {
        self.request = request
        self.response = response
    }

    func handlerAdded(context: ChannelHandlerContext) {
        context.write(wrapOutboundOut(.head(request)), promise: nil)
        context.writeAndFlush(wrapOutboundOut(.end(nil)), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if isOver { return following.append(data) }
        switch unwrapInboundIn(data) {
        case .head(let head) where head.status == .switchingProtocols || request.method == .CONNECT:
            // The parser stops after the end, which follows at once.
            self.head = head
        case .head(let head):
            // A refusal, whose body is of no interest.
            complete(head)
        case .body, .end:
            if let head { complete(head) }
        }
    }

    private func complete(_ head: HTTPResponseHead) {
        isOver = true
        response.succeed(head)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        response.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        response.fail(WebSocketError(.cannotConnect, detail: "the connection broke before the server had answered the upgrade"))
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        response.fail(ChannelError.alreadyClosed)
    }

    func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        for data in following { context.fireChannelRead(data) }
        following = []
        context.leavePipeline(removalToken: removalToken)
    }
}
