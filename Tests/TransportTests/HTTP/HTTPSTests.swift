import Testing
import Transport

@Suite("TLS is always verified", .enabled(if: TestCertificate.isPossible, "needs the openssl command"))
struct HTTPSTests {
    private let server: HTTP2Server

    init() async throws {
        server = try await HTTP2Server()
    }

    private func get(_ environment: [String: String], host: String = "127.0.0.1") async throws -> HTTPResponse {
        try await CurlHTTPClient(environment: environment).send(HTTPRequest("GET", "https://\(host):\(server.port)/path?secret"))
    }

    @Test("A certificate that the environment names is trusted", arguments: ["SSL_CERT_FILE", "CURL_CA_BUNDLE"])
    func trusted(variable: String) async throws {
        #expect(try await get([variable: server.certificate.path]).body == Array("{}".utf8))
    }

    @Test("A certificate that nobody signed is refused, with a word on what can be done")
    func untrusted() async throws {
        let error = await #expect(throws: HTTPError.self) { try await get([:]) }
        #expect(error?.code == .tls)
        #expect(error?.detail.contains("self-signed") == true)
        #expect(error?.detail.contains("SSL_CERT_FILE") == true)
        #expect(error?.description.contains("secret") == false)
    }

    @Test("A certificate for another name is refused")
    func otherName() async throws {
        let error = await #expect(throws: HTTPError.self) { try await get(["SSL_CERT_FILE": server.certificate.path], host: "localhost") }
        #expect(error?.code == .tls)
    }

    @Test("A file of certificates that is not there is an error, not less checking")
    func missingFile() async throws {
        let error = await #expect(throws: HTTPError.self) { try await get(["CURL_CA_BUNDLE": "/nowhere"]) }
        #expect(error?.code == .tls)
    }

    @Test("A server that does not speak TLS is refused")
    func plain() async throws {
        let server = try RawServer { connection in connection.write("HTTP/1.1 400 Bad Request\r\n\r\n") }
        let error = await #expect(throws: HTTPError.self) {
            try await CurlHTTPClient(environment: [:]).send(HTTPRequest("GET", "https://127.0.0.1:\(server.port)/"))
        }
        #expect(error?.code == .tls)
    }
}
