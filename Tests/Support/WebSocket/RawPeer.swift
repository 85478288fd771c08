import NIOCore
import NIOPosix

/// A TCP peer that sends exactly the bytes that it is told to send.
package final class RawPeer {
    private var inbound: NIOAsyncChannelInboundStream<ByteBuffer>.AsyncIterator
    private let outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>
    private var unread: [UInt8] = []

    private init(_ inbound: NIOAsyncChannelInboundStream<ByteBuffer>, _ outbound: NIOAsyncChannelOutboundWriter<ByteBuffer>) {
        self.inbound = inbound.makeAsyncIterator()
        self.outbound = outbound
    }

    package func write(_ bytes: [UInt8]) async throws {
        try await outbound.write(ByteBuffer(bytes: bytes))
    }

    package func write(_ text: String) async throws {
        try await write(Array(text.utf8))
    }

    /// No more bytes from here; the other direction stays open.
    package func finish() {
        outbound.finish()
    }

    /// The lines up to the empty one; nil when the connection ends before.
    package func readHead() async throws -> [String]? {
        while true {
            if let end = unread.firstRange(of: Array("\r\n\r\n".utf8)) {
                let head = String(decoding: unread[..<end.lowerBound], as: UTF8.self)
                unread.removeSubrange(..<end.upperBound)
                return head.split(separator: "\r\n").map(String.init)
            }
            guard try await readMore() else { return nil }
        }
    }

    /// - Returns: Fewer when the connection ends before.
    package func read(count: Int) async throws -> [UInt8] {
        while unread.count < count, try await readMore() {}
        defer { unread.removeFirst(min(count, unread.count)) }
        return Array(unread.prefix(count))
    }

    /// The next frame of the other side; nil when the connection ends before it is whole.
    package func readFrame() async throws -> SentFrame? {
        while true {
            if let frame = SentFrame.first(of: &unread) { return frame }
            guard try await readMore() else { return nil }
        }
    }

    /// Frames up to and with the close frame, or the end.
    package func readFrames() async throws -> [SentFrame] {
        var frames: [SentFrame] = []
        while let frame = try await readFrame() {
            frames.append(frame)
            if frame.isClose { break }
        }
        return frames
    }

    /// Whether nothing comes any more.
    package func isAtEnd() async throws -> Bool {
        let hasMore = try await readMore()
        return !hasMore && unread.isEmpty
    }

    /// Everything until the other side closes.
    package func readToEnd() async throws -> [UInt8] {
        while try await readMore() {}
        return unread
    }

    /// Carries bytes to and from that port, until either side ends: what a proxy's tunnel does.
    package func join(port: Int) async throws {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in channel.eventLoop.makeCompletedFuture { try Self.wrap(channel) } }
        let back = outbound
        try await channel.executeThenClose { inbound, outbound in
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask {
                    for try await bytes in inbound { try await back.write(bytes) }
                    back.finish()
                }
                while try await readMore() {
                    try await outbound.write(ByteBuffer(bytes: unread))
                    unread = []
                }
                outbound.finish()
                try await group.waitForAll()
            }
        }
    }

    private func readMore() async throws -> Bool {
        guard let bytes = try await inbound.next(isolation: #isolation) else { return false }
        unread += Array(bytes.readableBytesView)
        return true
    }

    // MARK: Making one

    package static func connect<Value: Sendable>(
        to port: Int,
        _ body: @escaping @Sendable (RawPeer) async throws -> Value
    ) async throws -> Value {
        let channel = try await ClientBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .connect(host: "127.0.0.1", port: port) { channel in channel.eventLoop.makeCompletedFuture { try wrap(channel) } }
        return try await channel.executeThenClose { inbound, outbound in try await body(RawPeer(inbound, outbound)) }
    }

    /// Listens on a free port. Every connection gets a peer of its own, which is closed when `serve` returns.
    package static func listen<Value: Sendable>(
        serving serve: @escaping @Sendable (RawPeer) async throws -> Void,
        _ body: @escaping @Sendable (_ port: Int) async throws -> Value
    ) async throws -> Value {
        let server = try await ServerBootstrap(group: MultiThreadedEventLoopGroup.singleton)
            .childChannelOption(.autoRead, value: false)
            .bind(host: "127.0.0.1", port: 0) { channel in channel.eventLoop.makeSucceededFuture(channel) }
        let port = server.channel.localAddress?.port ?? 0
        return try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask {
                try await withThrowingDiscardingTaskGroup { connections in
                    try await server.executeThenClose { inbound in
                        for try await connection in inbound {
                            connections.addTask {
                                // Not sooner: an async channel that nobody comes to use ends the process.
                                guard let channel = try? await connection.eventLoop.submit({ try wrap(connection) }).get() else { return }
                                try? await channel.executeThenClose { inbound, outbound in try await serve(RawPeer(inbound, outbound)) }
                            }
                        }
                    }
                }
            }
            defer { group.cancelAll() }
            return try await body(port)
        }
    }

    private static func wrap(_ channel: any Channel) throws -> NIOAsyncChannel<ByteBuffer, ByteBuffer> {
        // Without it, the end of the other side's bytes would be the end of ours.
        try channel.syncOptions?.setOption(.allowRemoteHalfClosure, value: true)
        let wrapped = try NIOAsyncChannel<ByteBuffer, ByteBuffer>(
            wrappingChannelSynchronously: channel,
            configuration: .init(isOutboundHalfClosureEnabled: true)
        )
        try channel.syncOptions?.setOption(.autoRead, value: true)
        return wrapped
    }
}
