import NIOCore
import NIOPosix
import NIOSSL
import Synchronization

/// The TLS settings of a client: always verified, trust from the environment. Made on first use, since reading the certificates takes a while.
final class TLSContext: Sendable {
    private let environment: CurlEnvironment
    private let context = Mutex<NIOSSLContext?>(nil)

    init(environment: CurlEnvironment) {
        self.environment = environment
    }

    func get() async throws(WebSocketError) -> NIOSSLContext {
        if let made = context.withLock({ $0 }) { return made }
        let configuration = configuration
        do {
            let made = try await NIOThreadPool.singleton.runIfActive { try NIOSSLContext(configuration: configuration) }
            context.withLock { $0 = made }
            return made
        } catch {
            let places = "CURL_CA_BUNDLE, SSL_CERT_FILE or SSL_CERT_DIR"
            throw WebSocketError(.tls, detail: "the trusted certificates cannot be read; see what \(places) name: \(error)")
        }
    }

    private var configuration: TLSConfiguration {
        var configuration = TLSConfiguration.makeClientConfiguration()
        configuration.certificateVerification = .fullVerification
        configuration.applicationProtocols = ["http/1.1"]
        // After the WebSocket's own goodbye, TLS's is a formality.
        configuration.shutdownTimeout = .milliseconds(200)
        let given = [environment.certificateFile, environment.certificateDirectory].compactMap(\.self)
        if let first = given.first {
            configuration.trustRoots = .file(first)
            configuration.additionalTrustRoots = given.dropFirst().map { .file($0) }
        }
        return configuration
    }
}
