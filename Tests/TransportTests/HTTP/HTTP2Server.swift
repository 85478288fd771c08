import Foundation
import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// Answers every request with 200 and two bytes, over HTTP/2 where the client offers it (else over HTTP/1.1).
///
/// It reads frames but no header blocks, and its answers' header is one byte of HPACK (RFC 7541, appendix A, entry 8).
final class HTTP2Server: Sendable {
    struct Counts: Sendable {
        var connections = 0
        var streams = 0
        var bodyBytes = 0
        var http1Requests = 0
    }

    let port: Int
    let certificate: TestCertificate
    private let channel: any Channel
    private let state: SharedCounts

    /// - Parameter streamLimit: So many streams of a connection are answered; the next ends it, as a server does that thinks itself attacked.
    init(streamLimit: Int = .max) async throws {
        certificate = try await TestCertificate()
        let context = try certificate.serverContext(protocols: ["h2", "http/1.1"])
        let state = SharedCounts()
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    let answerer = Answerer(state: state, streamLimit: streamLimit)
                    try channel.pipeline.syncOperations.addHandlers(NIOSSLServerHandler(context: context), answerer)
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        self.state = state
        port = channel.localAddress?.port ?? 0
    }

    deinit {
        channel.close(promise: nil)
    }

    var url: String { "https://127.0.0.1:\(port)/" }
    var counts: Counts { state.counts.withLock { $0 } }

    private final class SharedCounts: Sendable {
        let counts = Mutex(Counts())
    }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private static let preface = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n"

        private let state: SharedCounts
        private let streamLimit: Int
        private var received = ByteBuffer()
        private var streams = 0
        private var isHTTP2: Bool?

        init(state: SharedCounts, streamLimit: Int) {
            self.state = state
            self.streamLimit = streamLimit
        }

        func channelActive(context: ChannelHandlerContext) {
            state.counts.withLock { $0.connections += 1 }
        }

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received.writeImmutableBuffer(unwrapInboundIn(data))
            if isHTTP2 == nil, received.readableBytes >= Self.preface.utf8.count {
                isHTTP2 = received.getString(at: received.readerIndex, length: Self.preface.utf8.count) == Self.preface
                if isHTTP2 == true {
                    received.moveReaderIndex(forwardBy: Self.preface.utf8.count)
                    send(context, type: 4)
                }
            }
            if isHTTP2 == true { readFrames(context) } else { readHTTP1(context) }
        }

        private func readHTTP1(_ context: ChannelHandlerContext) {
            guard String(buffer: received).contains("\r\n\r\n") else { return }
            received.clear()
            state.counts.withLock { $0.http1Requests += 1 }
            context.writeAndFlush(NIOAny(ByteBuffer(string: answer(body: "{}"))), promise: nil)
        }

        /// RFC 9113, section 4.1: length, type, flags, stream, payload.
        private func readFrames(_ context: ChannelHandlerContext) {
            while let header = received.getBytes(at: received.readerIndex, length: 9) {
                let length = Int(header[0]) << 16 | Int(header[1]) << 8 | Int(header[2])
                guard received.readableBytes >= 9 + length else { return }
                received.moveReaderIndex(forwardBy: 9 + length)
                let stream = header[5...8].reduce(UInt32(0)) { $0 << 8 | UInt32($1) }
                handle(context, type: header[3], flags: header[4], stream: stream, length: length)
            }
        }

        private func handle(_ context: ChannelHandlerContext, type: UInt8, flags: UInt8, stream: UInt32, length: Int) {
            switch type {
            case 0:
                state.counts.withLock { $0.bodyBytes += length }
                if length > 0 { for stream in [0, stream] { send(context, type: 8, stream: stream, bytes(UInt32(length))) } }
            case 1: break
            case 4 where flags & 1 == 0: return send(context, type: 4, flags: 1)
            default: return
            }
            if flags & 1 == 1 { answerStream(context, stream) }
        }

        private func answerStream(_ context: ChannelHandlerContext, _ stream: UInt32) {
            streams += 1
            guard streams <= streamLimit else {
                // GOAWAY: ENHANCE_YOUR_CALM.
                send(context, type: 7, bytes(stream) + bytes(11))
                return context.close(promise: nil)
            }
            state.counts.withLock { $0.streams += 1 }
            send(context, type: 1, flags: 4, stream: stream, [0x88])
            send(context, type: 0, flags: 1, stream: stream, Array("{}".utf8))
        }

        private func send(_ context: ChannelHandlerContext, type: UInt8, flags: UInt8 = 0, stream: UInt32 = 0, _ payload: [UInt8] = []) {
            let header = bytes(UInt32(payload.count)).dropFirst() + [type, flags] + bytes(stream)
            context.writeAndFlush(NIOAny(ByteBuffer(bytes: header + payload)), promise: nil)
        }

        private func bytes(_ number: UInt32) -> [UInt8] {
            withUnsafeBytes(of: number.bigEndian) { Array($0) }
        }
    }
}
