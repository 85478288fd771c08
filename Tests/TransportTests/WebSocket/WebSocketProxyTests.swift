import TestSupport
import Testing

@testable import Transport

@Suite("Proxies for WebSockets", .timeLimit(.minutes(1)))
struct WebSocketProxyTests {
    @Test(
        "The proxy is the one that curl would take",
        arguments: [
            ("wss://host/", ["https_proxy": "http://proxy:3128"], Proxy(host: "proxy", port: 3128)),
            ("wss://host/", ["HTTPS_PROXY": "proxy:3128"], Proxy(host: "proxy", port: 3128)),
            ("wss://host/", ["https_proxy": "http://proxy/"], Proxy(host: "proxy", port: 1080)),
            ("wss://host/", ["http_proxy": "http://proxy"], nil),
            ("ws://host/", ["HTTP_PROXY": "http://proxy"], nil),
            ("ws://host/", ["https_proxy": "http://proxy"], nil),
            ("wss://host/", ["all_proxy": "http://proxy:1"], Proxy(host: "proxy", port: 1)),
            ("wss://host/", ["ALL_PROXY": "http://proxy:1", "https_proxy": ""], Proxy(host: "proxy", port: 1)),
            ("wss://host/", ["https_proxy": "http://[::1]:8080"], Proxy(host: "::1", port: 8080)),
            (
                "wss://host/", ["https_proxy": "http://me:secret@proxy:1"],
                Proxy(host: "proxy", port: 1, authorization: "Basic bWU6c2VjcmV0")
            ),
            (
                "wss://host/", ["https_proxy": "http://me:p%40ss@proxy:1"],
                Proxy(host: "proxy", port: 1, authorization: "Basic bWU6cEBzcw==")
            ),
            ("wss://host/", ["https_proxy": "http://proxy", "no_proxy": "host"], nil),
            ("wss://127.0.0.1/", ["https_proxy": "http://proxy"], nil), ("wss://LOCALHOST./", ["https_proxy": "http://proxy"], nil),
            ("ws://127.1:80/", ["http_proxy": "http://proxy"], nil), ("ws://[::1]/", ["all_proxy": "http://proxy"], nil),
            ("ws://host/", [:], nil),
        ] as [(String, [String: String], Proxy?)]
    )
    func choice(url: String, environment: [String: String], proxy: Proxy?) throws {
        #expect(try Proxy.forURL(WebSocketURL(url), environment: CurlEnvironment(environment)) == proxy)
    }

    @Test(
        "A proxy that cannot be used is an error without its password",
        arguments: ["socks5://me:secret@proxy", "https://me:secret@proxy", "http://", "http://me:secret@127.0.0.1:99999"]
    )
    func unusable(text: String) throws {
        let error = #expect(throws: WebSocketError.self) {
            try Proxy.forURL(WebSocketURL("wss://host/"), environment: CurlEnvironment(["https_proxy": text]))
        }
        #expect(error?.code == .cannotConnect)
        #expect(error?.detail.contains("secret") == false)
    }

    @Test("A WebSocket without TLS goes through no proxy", arguments: ["http_proxy", "all_proxy", "ALL_PROXY"])
    func plain(variable: String) throws {
        let error = #expect(throws: WebSocketError.self) {
            try Proxy.forURL(WebSocketURL("ws://host/?secret"), environment: CurlEnvironment([variable: "http://me:secret@proxy"]))
        }
        #expect(error?.code == .cannotConnect)
        #expect(error?.detail.contains("name 'host' in no_proxy") == true)
        #expect(error?.detail.contains("secret") == false)
    }

    @Test("A socket goes through the tunnel that the proxy opens, with TLS in it")
    func tunnel() async throws {
        try await SocketServer.run(identity: Certificates.other, serving: SocketServer.echo) { target in
            let requests = AsyncStream.makeStream(of: [String].self)
            try await RawPeer.listen { proxy in
                requests.continuation.yield(try await proxy.readHead() ?? [])
                try await proxy.write("HTTP/1.1 200 Connection established\r\nProxy-Agent: test\r\n\r\n")
                try await proxy.join(port: target)
            } _: { port in
                let environment = ["https_proxy": "http://me:secret@127.0.0.1:\(port)"]
                let folder = try TemporaryFolder()
                let trust = try folder.file("authority.pem", bytes: Certificates.authority.utf8)
                let client = NIOWebSocketClient(environment: environment.merging(["SSL_CERT_FILE": trust]) { $1 })
                let back = try await client.withConnection(to: "wss://other.example:\(target)/path?query", timeout: .seconds(60)) {
                    socket in
                    try await socket.send("through the tunnel")
                    return try await socket.receive()
                }
                #expect(back == .text("through the tunnel"))
            }
            var iterator = requests.stream.makeAsyncIterator()
            let request = try #require(await iterator.next())
            #expect(
                request == [
                    "CONNECT other.example:\(target) HTTP/1.1", "Host: other.example:\(target)", "Proxy-Authorization: Basic bWU6c2VjcmV0",
                ]
            )
        }
    }

    @Test(
        "A proxy that refuses, hangs up or talks nonsense is named in the error",
        arguments: ["407 Proxy Authentication Required", "502 Bad Gateway", "", "nonsense"]
    )
    func refusal(answer: String) async throws {
        try await RawPeer.listen { proxy in
            _ = try await proxy.readHead()
            let isStatus = answer.first?.isNumber == true
            try await proxy.write(isStatus ? "HTTP/1.1 \(answer)\r\nContent-Length: 0\r\n\r\n" : answer)
        } _: { port in
            let client = NIOWebSocketClient(environment: ["all_proxy": "http://me:secret@127.0.0.1:\(port)"])
            let error = try await #require(throws: WebSocketError.self) {
                try await client.withConnection(to: "wss://target.invalid/?secret", timeout: .seconds(60)) { _ in }
            }
            #expect(error.code == (answer == "nonsense" ? .protocolViolation(.protocolError) : .cannotConnect))
            #expect(error.detail.contains("proxy") && error.detail.contains("target.invalid"))
            #expect(!error.detail.contains("secret"))
        }
    }
}
