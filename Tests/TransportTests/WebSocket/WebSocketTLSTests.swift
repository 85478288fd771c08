import TestSupport
import Testing

@testable import Transport

@Suite("WebSockets over TLS", .timeLimit(.minutes(1)))
struct WebSocketTLSTests {
    /// What the environment says is trusted.
    enum Trust: Sendable, CaseIterable {
        case curlBundle
        case file
        case directory
        case bundleBeforeFile
    }

    @Test("A server whose certificate is signed by who the environment trusts, by name and by address", arguments: Trust.allCases)
    func trusted(trust: Trust) async throws {
        try await withTrust(trust) { environment in
            try await SocketServer.run(identity: Certificates.localhost, serving: SocketServer.echo) { port in
                let client = NIOWebSocketClient(environment: environment)
                for host in ["localhost", "127.0.0.1"] {
                    let back = try await client.withConnection(to: "wss://\(host):\(port)/", timeout: .seconds(60)) { socket in
                        try await socket.send("over TLS")
                        return try await socket.receive()
                    }
                    #expect(back == .text("over TLS"))
                }
            }
        }
    }

    @Test("Messages that take many TLS records arrive whole, and the end is clean")
    func large() async throws {
        try await withTrust(.file) { environment in
            try await SocketServer.run(identity: Certificates.localhost, serving: SocketServer.echo) { port in
                let client = NIOWebSocketClient(environment: environment)
                let text = String(repeating: "x", count: 1 << 20)
                let isSame = try await client.withConnection(to: "wss://localhost:\(port)/", timeout: .seconds(60)) { socket in
                    try await socket.send(text)
                    return try await socket.receive() == .text(text)
                }
                #expect(isSame)
            }
        }
    }

    @Test(
        "A certificate for another name, from the past, or of a stranger is refused, whatever else",
        arguments: ["name", "address", "past", "stranger"]
    )
    func refused(why: String) async throws {
        let identity = why == "past" ? Certificates.expired : why == "stranger" ? Certificates.localhost : Certificates.other
        try await withTrust(.file) { environment in
            try await SocketServer.run(identity: identity, serving: SocketServer.echo) { port in
                let client = NIOWebSocketClient(environment: why == "stranger" ? [:] : environment)
                let host = why == "address" ? "127.0.0.1" : "localhost"
                let error = try await #require(throws: WebSocketError.self) {
                    try await client.withConnection(to: "wss://\(host):\(port)/?secret", timeout: .seconds(60)) { _ in }
                }
                #expect(error.code == .tls)
                #expect(error.detail.contains("\(host):\(port)"))
                #expect(!error.detail.contains("secret"))
            }
        }
    }

    @Test("A server that does not speak TLS")
    func plainServer() async throws {
        try await RawPeer.listen { server in
            try await server.write("HTTP/1.1 400 Bad Request\r\n\r\n")
            _ = try await server.readToEnd()
        } _: { port in
            let error = try await #require(throws: WebSocketError.self) {
                try await NIOWebSocketClient(environment: [:]).withConnection(to: "wss://localhost:\(port)/", timeout: .seconds(60)) { _ in
                }
            }
            #expect(error.code == .tls)
        }
    }

    @Test("Trusted certificates that cannot be read are an error that names where they come from")
    func unreadableTrust() async throws {
        let client = NIOWebSocketClient(environment: ["SSL_CERT_FILE": "/nowhere/at/all.pem"])
        let error = try await #require(throws: WebSocketError.self) {
            try await client.withConnection(to: "wss://localhost:1/", timeout: .seconds(60)) { _ in }
        }
        #expect(error.code == .tls)
        #expect(error.detail.contains("SSL_CERT_FILE"))
    }

    /// An environment that trusts the authority of our certificates.
    private func withTrust(_ trust: Trust, _ body: @Sendable ([String: String]) async throws -> Void) async throws {
        let folder = try TemporaryFolder()
        // OpenSSL finds a certificate in a directory by the hash of its subject.
        let file = try folder.file("f20e0b1e.0", bytes: Certificates.authority.utf8)
        switch trust {
        case .curlBundle: try await body(["CURL_CA_BUNDLE": file])
        case .file: try await body(["SSL_CERT_FILE": file])
        case .directory: try await body(["SSL_CERT_DIR": folder.path])
        case .bundleBeforeFile: try await body(["CURL_CA_BUNDLE": file, "SSL_CERT_FILE": "/nowhere/at/all.pem"])
        }
    }
}
