import Testing
import Transport

@Suite("HTTP/2, where the server has it", .enabled(if: TestCertificate.isPossible, "needs the openssl command"))
struct HTTP2Tests {
    @Test("Requests at once share one connection, with bodies of any kind")
    func multiplexed() async throws {
        let server = try await HTTP2Server()
        let client = CurlHTTPClient(environment: ["SSL_CERT_FILE": server.certificate.path])
        let folder = try TemporaryFolder()
        let path = try folder.file("body", size: 300_000)
        let bodies: [HTTPRequest.Body] = [.bytes([1, 2, 3]), .file(path: path, size: 300_000), .none]
        try await withThrowingTaskGroup(of: Void.self) { group in
            for number in 0..<60 {
                group.addTask {
                    let headers = [HTTPHeader("X-Empty", ""), HTTPHeader("X-Value", "发票")]
                    let response = try await client.send(HTTPRequest("POST", server.url, headers: headers, body: bodies[number % 3]))
                    #expect(response.status == 200)
                    #expect(response.body == Array("{}".utf8))
                }
            }
            try await group.waitForAll()
        }
        #expect(server.counts.connections == 1)
        #expect(server.counts.streams == 60)
        #expect(server.counts.bodyBytes == 20 * 300_003)
    }

    @Test("A server that breaks HTTP/2 off is spoken to over HTTP/1.1 from then on")
    func fallback() async throws {
        let server = try await HTTP2Server(streamLimit: 3)
        let client = CurlHTTPClient(environment: ["SSL_CERT_FILE": server.certificate.path])
        var failures = 0
        for _ in 0..<10 {
            do throws(HTTPError) {
                _ = try await client.send(HTTPRequest("GET", server.url))
            } catch {
                #expect(error.code == .connectionLost)
                failures += 1
            }
        }
        #expect(failures == 1)
        #expect(server.counts.streams == 3)
        #expect(server.counts.http1Requests == 6)
    }
}
