import Foundation
import Testing
import Transport

@Suite("Proxies are taken from the environment that the client is given")
struct HTTPProxyTests {
    private let server: RawServer
    private let proxy: RawServer

    init() throws {
        server = try RawServer { _ in answer(body: "direct") }
        proxy = try RawServer { _ in answer(body: "proxied") }
    }

    @Test(
        "This machine is reached without a proxy, whatever the variables say",
        arguments: ["127.0.0.1", "localhost", "LOCALHOST", "127.1", "0x7f000001", "[::ffff:127.0.0.1]"],
        ["http_proxy", "all_proxy", "ALL_PROXY"]
    )
    func loopback(host: String, variable: String) async throws {
        let client = CurlHTTPClient(environment: [variable: "http://127.0.0.1:\(proxy.port)"])
        let request = HTTPRequest("GET", "http://\(host):\(server.port)/", headers: [HTTPHeader("X-Amz-Bearer", "token")])
        #expect(try await client.send(request).body == Array("direct".utf8))
        #expect(proxy.connections == 0)
    }

    @Test("Plain http to elsewhere is not sent to a proxy, which could read it", arguments: ["http_proxy", "all_proxy", "ALL_PROXY"])
    func plain(variable: String) async throws {
        let client = CurlHTTPClient(environment: [variable: "http://me:password@127.0.0.1:\(proxy.port)"])
        let request = HTTPRequest("GET", "http://service.invalid/?secret", headers: [HTTPHeader("X-Amz-Bearer", "token")])
        let error = await #expect(throws: HTTPError.self) { try await client.send(request) }
        #expect(error?.code == .invalidRequest)
        #expect(error?.description.contains("name 'service.invalid' in no_proxy") == true)
        for secret in ["secret", "password", "token"] { #expect(error?.description.contains(secret) == false) }
        #expect(proxy.connections == 0)
    }

    @Test("What no_proxy names is reached without one", arguments: ["no_proxy", "NO_PROXY"])
    func exception(variable: String) async throws {
        let address = "http://127.0.0.1:\(proxy.port)"
        let client = CurlHTTPClient(environment: [
            "https_proxy": address, "http_proxy": address, variable: "other.invalid,.Service.invalid",
        ])
        for scheme in ["http", "https"] {
            let error = await #expect(throws: HTTPError.self) {
                try await client.send(HTTPRequest("GET", "\(scheme)://a.service.invalid/"))
            }
            // There is no such host to reach.
            #expect(error?.code == .cannotConnect)
        }
        #expect(proxy.connections == 0)
    }

    @Test("The process's own environment takes no part")
    func ownEnvironment() async throws {
        #expect(try await CurlHTTPClient(environment: [:]).send(HTTPRequest("GET", server.url())).body == Array("direct".utf8))
    }

    @Test("https goes through a tunnel that https_proxy is asked for, and its refusal is no connection")
    func tunnel() async throws {
        let proxy = try RawServer { connection in
            _ = connection.readRequest()
            connection.write(answer("403 Forbidden"))
        }
        let client = CurlHTTPClient(environment: ["https_proxy": "http://user:password@127.0.0.1:\(proxy.port)"])
        let error = await #expect(throws: HTTPError.self) {
            try await client.send(HTTPRequest("GET", "https://service.invalid/path", headers: [HTTPHeader("Authorization", "secret")]))
        }
        #expect(error?.code == .cannotConnect)
        let request = try #require(proxy.requests.first)
        #expect(request.lines[0] == "CONNECT service.invalid:443 HTTP/1.1")
        #expect(!request.head.contains("secret"))
    }

    @Test(
        "A proxy's password is in no error",
        arguments: ["nonsense://user:password@127.0.0.1:1", "http://user:password@127.0.0.1:1", "http://user:password@:x"]
    )
    func secretProxy(url: String) async throws {
        let client = CurlHTTPClient(environment: ["https_proxy": url])
        let error = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest("GET", "https://service.invalid/")) }
        #expect(error?.code == .cannotConnect)
        #expect(error?.description.contains("password") == false)
    }
}
