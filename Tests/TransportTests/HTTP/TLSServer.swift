import Foundation
import NIOCore
import NIOPosix
import NIOSSL

/// Answers every request with 200 over TLS, with a certificate for 127.0.0.1 that it has made itself.
final class TLSServer: Sendable {
    let port: Int
    let certificatePath: String
    private let folder: TemporaryFolder
    private let channel: any Channel

    /// Whether certificates can be made here.
    static let isPossible = FileManager.default.isExecutableFile(atPath: openssl)
    private static let openssl = "/usr/bin/openssl"

    init() async throws {
        folder = try TemporaryFolder()
        certificatePath = "\(folder.path)/certificate.pem"
        let keyPath = "\(folder.path)/key.pem"
        try await Self.makeCertificate(certificatePath, key: keyPath)
        let configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(certificatePath).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: keyPath, format: .pem))
        )
        let context = try NIOSSLContext(configuration: configuration)
        channel = try await ServerBootstrap(group: .singletonMultiThreadedEventLoopGroup)
            .childChannelInitializer { channel in
                channel.eventLoop.makeCompletedFuture {
                    try channel.pipeline.syncOperations.addHandlers(NIOSSLServerHandler(context: context), Answerer())
                }
            }
            .bind(host: "127.0.0.1", port: 0).get()
        port = channel.localAddress?.port ?? 0
    }

    deinit {
        channel.close(promise: nil)
    }

    private static func makeCertificate(_ path: String, key: String) async throws {
        let process = Process()
        process.executableURL = URL(filePath: openssl)
        process.arguments =
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1"
            .split(separator: " ").map(String.init) + ["-keyout", key, "-out", path]
        process.standardError = FileHandle.nullDevice
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in end.yield() }
        try process.run()
        for await _ in ends.prefix(1) {}
    }

    private final class Answerer: ChannelInboundHandler {
        typealias InboundIn = ByteBuffer

        private var received = ""

        func channelRead(context: ChannelHandlerContext, data: NIOAny) {
            received += String(buffer: unwrapInboundIn(data))
            guard received.contains("\r\n\r\n") else { return }
            received = ""
            context.writeAndFlush(NIOAny(ByteBuffer(string: answer(body: "over TLS"))), promise: nil)
        }
    }
}
