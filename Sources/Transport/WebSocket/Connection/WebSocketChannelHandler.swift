import NIOCore

/// The event loop's half of a WebSocket: bytes to messages, pings to pongs, and the closing handshake (RFC 6455, sections 5 and 7).
final class WebSocketChannelHandler: ChannelDuplexHandler {
    typealias InboundIn = ByteBuffer
    typealias OutboundIn = ByteBuffer
    typealias OutboundOut = ByteBuffer

    /// The event that starts the closing handshake.
    struct Goodbye: Sendable {
        var code: WebSocketCloseCode
        var reason: String
    }

    private enum Phase {
        case open
        /// Our close frame is out; only the peer's is of interest.
        case awaitingClose
        /// Nothing that arrives matters. The socket is still emptied: closing it over unread bytes resets the connection, and the peer could lose
        /// our close frame.
        case draining
    }

    private static let patience = TimeAmount.seconds(1)

    private let socket: NIOWebSocket
    private let role: WebSocketRole
    private var assembler: MessageAssembler
    private var phase = Phase.open
    private var deadline: Scheduled<Void>?

    init(socket: NIOWebSocket, role: WebSocketRole, maximumMessageSize: Int) {
        self.socket = socket
        self.role = role
        assembler = MessageAssembler(role: role, maximumMessageSize: maximumMessageSize)
    }

    // MARK: In

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        var bytes = unwrapInboundIn(data)
        do {
            while phase != .draining, let event = try assembler.next(from: &bytes) {
                handle(event, context: context)
            }
        } catch {
            handle(error, context: context)
        }
    }

    func userInboundEventTriggered(context: ChannelHandlerContext, event: Any) {
        if case .inputClosed? = event as? ChannelEvent { finish(context: context) }
    }

    func channelInactive(context: ChannelHandlerContext) {
        finish(context: context)
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) {
        deadline?.cancel()
        socket.finish(.closed(nil))
    }

    func errorCaught(context: ChannelHandlerContext, error: any Error) {
        finish(context: context)
    }

    private func handle(_ event: WebSocketEvent, context: ChannelHandlerContext) {
        switch (event, phase) {
        case (.message(let message), .open):
            socket.deliver(message)
        case (.ping(let payload), .open):
            let (frame, written) = socket.pong(payload)
            context.writeAndFlush(wrapOutboundOut(frame), promise: written)
        case (.close(let code), .open):
            socket.finish(.closed(code ?? .noStatus))
            sayGoodbye(code ?? .noStatus, reason: "", then: .draining, context: context)
        case (.close, .awaitingClose):
            drain(context: context)
        case (.message, _), (.ping, _), (.pong, _), (.close, .draining):
            break
        }
    }

    private func handle(_ violation: ProtocolViolation, context: ChannelHandlerContext) {
        socket.finish(
            WebSocketError(.protocolViolation(violation.code), detail: "the peer broke the WebSocket protocol: \(violation.reason)")
        )
        if phase == .open {
            sayGoodbye(violation.code, reason: violation.reason, then: .draining, context: context)
        } else {
            drain(context: context)
        }
    }

    // MARK: Out

    func read(context: ChannelHandlerContext) {
        if phase != .open || socket.mayRead() { context.read() }
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if phase == .open {
            context.write(data, promise: promise)
        } else {
            promise?.fail(ChannelError.outputClosed)
        }
    }

    func triggerUserOutboundEvent(context: ChannelHandlerContext, event: Any, promise: EventLoopPromise<Void>?) {
        guard let goodbye = event as? Goodbye else { return context.triggerUserOutboundEvent(event, promise: promise) }
        if phase == .open { sayGoodbye(goodbye.code, reason: goodbye.reason, then: .awaitingClose, context: context) }
        promise?.succeed()
    }

    // MARK: Closing

    private func sayGoodbye(_ code: WebSocketCloseCode, reason: String, then next: Phase, context: ChannelHandlerContext) {
        phase = next
        context.writeAndFlush(wrapOutboundOut(socket.goodbye(code, reason: reason)), promise: nil)
        deadline = context.eventLoop.assumeIsolated().scheduleTask(in: Self.patience) { context.close(promise: nil) }
        if next == .draining { drain(context: context) }
    }

    /// The server closes first (section 7.1.1); the client does so only when the server takes too long.
    private func drain(context: ChannelHandlerContext) {
        phase = .draining
        if role == .server { context.close(mode: .output, promise: nil) }
    }

    /// There is nothing more to read.
    private func finish(context: ChannelHandlerContext) {
        deadline?.cancel()
        phase = .draining
        socket.finish(.closed(nil))
        context.close(promise: nil)
    }
}
