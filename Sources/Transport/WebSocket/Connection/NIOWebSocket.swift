import NIOCore
import Synchronization

/// A WebSocket over a NIO channel, of either side.
///
/// Its ``WebSocketChannelHandler`` does what must happen on the event loop. There are no tasks of its own, and no buffer but for what nobody
/// has received yet: at most 16 messages or 64 KiB, and the read that crosses the limit. A peer that hangs up adds what the kernel still holds.
package final class NIOWebSocket: WebSocket {
    /// Bytes.
    package static let defaultMaximumMessageSize = 1 << 20

    private let channel: any Channel
    private let encoder: FrameEncoder
    private let state = Mutex(SocketState())

    private init(channel: any Channel, role: WebSocketRole) {
        self.channel = channel
        encoder = FrameEncoder(role: role)
    }

    /// Makes a WebSocket of a channel that has just been upgraded. On its event loop.
    /// - Parameter position: Behind it comes nothing that takes bytes; what comes before it (TLS) passes bytes.
    static func add(
        to channel: any Channel,
        role: WebSocketRole,
        maximumMessageSize: Int,
        position: ChannelPipeline.SynchronousOperations.Position = .last
    ) throws -> NIOWebSocket {
        let socket = NIOWebSocket(channel: channel, role: role)
        let handler = WebSocketChannelHandler(socket: socket, role: role, maximumMessageSize: maximumMessageSize)
        try channel.pipeline.syncOperations.addHandler(handler, position: position)
        return socket
    }

    package func receive() async throws(WebSocketError) -> WebSocketMessage {
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { reader in
                perform(state.withLock { $0.wait(reader, isCancelled: Task.isCancelled) })
            }
        } onCancel: {
            perform(state.withLock { $0.cancelReader() })
        }
        return try result.get()
    }

    /// A message whose sender was cancelled is not sent, unless it was handed over before.
    package func send(_ message: WebSocketMessage) async throws(WebSocketError) {
        let frame = encoder.encode(message)
        try await reserve(frame.readableBytes)
        let written = channel.eventLoop.makePromise(of: Void.self)
        releaseWhenWritten(frame.readableBytes, written)
        channel.writeAndFlush(frame, promise: written)
    }

    package func close(_ code: WebSocketCloseCode, reason: String) async {
        beginClosing(code, reason: reason)
        try? await channel.closeFuture.get()
    }

    /// As `close`, without waiting. Whoever sends or receives meanwhile is told `.closed` with this code.
    package func beginClosing(_ code: WebSocketCloseCode, reason: String) {
        finish(.closed(code))
        channel.triggerUserOutboundEvent(WebSocketChannelHandler.Goodbye(code: code, reason: reason), promise: nil)
    }

    private func reserve(_ count: Int) async throws(WebSocketError) {
        if Task.isCancelled { throw .cancelled }
        if let result = state.withLock({ $0.reserve(count) }) { return try result.get() }
        let id = state.withLock { $0.writerID() }
        let result = await withTaskCancellationHandler {
            await withCheckedContinuation { writer in
                perform(state.withLock { $0.wait(writer, id: id, count: count, isCancelled: Task.isCancelled) })
            }
        } onCancel: {
            perform(state.withLock { $0.cancelWriter(id) })
        }
        try result.get()
    }

    private func releaseWhenWritten(_ count: Int, _ written: EventLoopPromise<Void>) {
        written.futureResult.whenComplete { _ in
            self.perform(self.state.withLock { $0.release(count) })
        }
    }

    private func perform(_ wakeups: SocketState.Wakeups) {
        for (reader, result) in wakeups.readers { reader.resume(returning: result) }
        for (writer, result) in wakeups.writers { writer.resume(returning: result) }
        if wakeups.resumesReading { channel.read() }
    }
}

// MARK: For the event loop

extension NIOWebSocket {
    func deliver(_ message: WebSocketMessage) {
        perform(state.withLock { $0.deliver(message) })
    }

    func finish(_ error: WebSocketError) {
        perform(state.withLock { $0.finish(error) })
    }

    func mayRead() -> Bool {
        state.withLock { $0.mayRead() }
    }

    /// The frame that answers a ping, and what to complete when it is written.
    func pong(_ payload: [UInt8]) -> (frame: ByteBuffer, written: EventLoopPromise<Void>) {
        let frame = encoder.pong(payload)
        let written = channel.eventLoop.makePromise(of: Void.self)
        state.withLock { $0.addUnsent(frame.readableBytes) }
        releaseWhenWritten(frame.readableBytes, written)
        return (frame, written)
    }

    func goodbye(_ code: WebSocketCloseCode, reason: String) -> ByteBuffer {
        encoder.close(code, reason: reason)
    }
}
