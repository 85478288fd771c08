import Foundation
import NIOSSL

/// A certificate for 127.0.0.1 that nobody signed, and its key, made on the spot.
final class TestCertificate: Sendable {
    let path: String
    private let keyPath: String
    private let folder: TemporaryFolder

    /// Whether certificates can be made here.
    static let isPossible = FileManager.default.isExecutableFile(atPath: openssl)
    private static let openssl = "/usr/bin/openssl"

    init() async throws {
        folder = try TemporaryFolder()
        path = "\(folder.path)/certificate.pem"
        keyPath = "\(folder.path)/key.pem"
        let process = Process()
        process.executableURL = URL(filePath: Self.openssl)
        process.arguments =
            "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2 -subj /CN=test -addext subjectAltName=IP:127.0.0.1"
            .split(separator: " ").map(String.init) + ["-keyout", keyPath, "-out", path]
        process.standardError = FileHandle.nullDevice
        let (ends, end) = AsyncStream.makeStream(of: Void.self)
        process.terminationHandler = { _ in end.yield() }
        try process.run()
        for await _ in ends.prefix(1) {}
    }

    func serverContext(protocols: [String] = []) throws -> NIOSSLContext {
        var configuration = TLSConfiguration.makeServerConfiguration(
            certificateChain: try NIOSSLCertificate.fromPEMFile(path).map { .certificate($0) },
            privateKey: .privateKey(try NIOSSLPrivateKey(file: keyPath, format: .pem))
        )
        configuration.applicationProtocols = protocols
        return try NIOSSLContext(configuration: configuration)
    }
}
