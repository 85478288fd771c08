import NIOCore
import NIOHTTPTypes

/// Keeps what arrives on a connection that nobody serves yet, and hands it on when it is removed.
///
/// `autoRead` alone does not hold input back: when the client closes its side, NIO reads all that is left at once.
final class HeldInput: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    private enum Event {
        case part(HTTPRequestPart)
        case user(Any)
        case error(any Error)
        case inactive
    }

    private var events: [Event] = []

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        events.append(.part(unwrapInboundIn(data)))
    }

    func channelReadComplete(context: ChannelHandlerContext) {}

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        events.append(.user(event))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        events.append(.error(error))
    }

    func channelInactive(context: ChannelHandlerContext) {
        events.append(.inactive)
    }

    func removeHandler(context: ChannelHandlerContext, removalToken: ChannelHandlerContext.RemovalToken) {
        for event in events {
            switch event {
            case .part(let part): context.fireChannelRead(NIOAny(part))
            case .user(let event): context.fireUserInboundEventTriggered(event)
            case .error(let error): context.fireErrorCaught(error)
            case .inactive: context.fireChannelInactive()
            }
        }
        if !events.isEmpty { context.fireChannelReadComplete() }
        events = []
        context.leavePipeline(removalToken: removalToken)
    }
}

@available(*, unavailable)
extension HeldInput: Sendable {}
