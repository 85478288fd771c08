import NIOCore
import NIOHTTP1

/// One HTTP request and the head of its response, at the beginning of a connection that then speaks something else.
///
/// NIO's HTTP handlers leave a connection a turn of the event loop after the response, and lose what follows it if the connection ends in between.
final class HTTPExchange: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = ByteBuffer
    typealias InboundOut = ByteBuffer
    typealias OutboundOut = ByteBuffer

    private let request: HTTPRequestHead
    private let response: EventLoopPromise<HTTPResponseHead>
    private var reader = ResponseHeadReader()
    private var rest: ByteBuffer?

    private init(request: HTTPRequestHead, response: EventLoopPromise<HTTPResponseHead>) {
        self.request = request
        self.response = response
    }

    /// Sends the request. On the channel's event loop.
    /// - Parameter next: Throws where the connection is of no use, else adds the handlers of the next protocol, which get every byte that
    ///   follows the response.
    static func run<Value: Sendable>(
        _ request: HTTPRequestHead,
        on channel: any Channel,
        next: @escaping @Sendable (HTTPResponseHead) throws -> Value
    ) -> EventLoopFuture<Value> {
        let exchange = HTTPExchange(request: request, response: channel.eventLoop.makePromise())
        do {
            let pipeline = channel.pipeline.syncOperations
            try pipeline.addHandler(exchange)
            return exchange.response.futureResult.assumeIsolated()
                .flatMapThrowing { head in
                    let value = try next(head)
                    pipeline.removeHandler(exchange, promise: nil)
                    return value
                }
                .nonisolated()
        } catch {
            exchange.response.fail(error)
            return channel.eventLoop.makeFailedFuture(error)
        }
    }

    func handlerAdded(context: ChannelHandlerContext) {
        var text = "\(request.method.rawValue) \(request.uri) HTTP/1.1\r\n"
        for (name, value) in request.headers { text += "\(name): \(value)\r\n" }
        context.writeAndFlush(wrapOutboundOut(ByteBuffer(string: text + "\r\n")), promise: nil)
    }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard rest == nil else { return }
        var bytes = unwrapInboundIn(data)
        do {
            guard let head = try reader.next(from: &bytes) else { return }
            rest = bytes
            response.succeed(head)
        } catch {
            rest = bytes
            response.fail(error)
        }
    }

    func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        if let rest, rest.readableBytes > 0 { context.fireChannelRead(wrapInboundOut(rest)) }
        context.leavePipeline(removalToken: removalToken)
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        response.fail(error)
    }

    func channelInactive(context: ChannelHandlerContext) {
        response.fail(ChannelError.eof)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        response.fail(ChannelError.alreadyClosed)
    }
}
