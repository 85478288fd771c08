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

    @Test("http_proxy gets the request with the whole URL, and no field of libcurl's own")
    func httpProxy() async throws {
        let client = CurlHTTPClient(environment: ["http_proxy": "http://127.0.0.1:\(proxy.port)"])
        let response = try await client.send(HTTPRequest("GET", "http://service.invalid/a%2Fb?c=d", headers: [HTTPHeader("A", "b")]))
        #expect(response.body == Array("proxied".utf8))
        #expect(proxy.requests.first?.lines == ["GET http://service.invalid/a%2Fb?c=d HTTP/1.1", "Host: service.invalid", "A: b"])
    }

    @Test("no_proxy and the process's own environment take no part", arguments: [["no_proxy": "127.0.0.1"], [:]] as [[String: String]])
    func direct(environment: [String: String]) async throws {
        var environment = environment
        if environment["no_proxy"] != nil { environment["http_proxy"] = "http://127.0.0.1:\(proxy.port)" }
        let response = try await CurlHTTPClient(environment: environment).send(HTTPRequest("GET", server.url()))
        #expect(response.body == Array("direct".utf8))
        #expect(proxy.connections == 0)
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
        let client = CurlHTTPClient(environment: ["http_proxy": url])
        let error = await #expect(throws: HTTPError.self) { try await client.send(HTTPRequest("GET", server.url())) }
        #expect(error?.code == .cannotConnect)
        #expect(error?.description.contains("password") == false)
    }
}
