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
            ("wss://host/", ["http_proxy": "http://proxy"], nil),
            ("ws://host/", ["http_proxy": "http://proxy/"], Proxy(host: "proxy", port: 1080)),
            ("ws://host/", ["HTTP_PROXY": "http://proxy"], nil),
            ("ws://host/", ["https_proxy": "http://proxy"], nil),
            ("ws://host/", ["all_proxy": "http://proxy:1"], Proxy(host: "proxy", port: 1)),
            ("wss://host/", ["ALL_PROXY": "http://proxy:1", "https_proxy": ""], Proxy(host: "proxy", port: 1)),
            ("ws://host/", ["http_proxy": "http://[::1]:8080"], Proxy(host: "::1", port: 8080)),
            ("ws://host/", ["http_proxy": "http://me:secret@proxy:1"], Proxy(host: "proxy", port: 1, authorization: "Basic bWU6c2VjcmV0")),
            ("ws://host/", ["http_proxy": "http://me:p%40ss@proxy:1"], Proxy(host: "proxy", port: 1, authorization: "Basic bWU6cEBzcw==")),
            ("ws://host/", ["http_proxy": "http://proxy", "no_proxy": "host"], nil),
            ("ws://host/", [:], nil),
        ] as [(String, [String: String], Proxy?)]
    )
    func choice(url: String, environment: [String: String], proxy: Proxy?) throws {
        #expect(try Proxy.forURL(WebSocketURL(url), environment: CurlEnvironment(environment)) == proxy)
    }

    @Test(
        "A proxy that cannot be used is an error without its password",
        arguments: ["socks5://me:secret@proxy", "https://me:secret@proxy", "http://"]
    )
    func unusable(text: String) throws {
        let error = #expect(throws: WebSocketError.self) {
            try Proxy.forURL(WebSocketURL("ws://host/"), environment: CurlEnvironment(["http_proxy": text]))
        }
        #expect(error?.code == .cannotConnect)
        #expect(error?.detail.contains("secret") == false)
    }

    @Test(
        "What no_proxy names",
        arguments: [
            ("*", "anything", true), ("example.com", "example.com", true), ("example.com", "a.b.EXAMPLE.com", true),
            (".example.com", "example.com", true),
            ("example.com", "notexample.com", false), ("a, example.com ,b", "example.com", true), ("a b", "b", true), ("", "host", false),
            ("127.0.0.1", "127.0.0.1", true), ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.0/23", "10.1.3.9", true),
            ("10.0.0.0/33", "10.0.0.0", false), ("0.0.0.0/0", "8.8.8.8", true), ("::1", "::1", true), ("[::1]", "::1", true),
            ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false), ("10.0.0.0/8", "fd00::1", false), ("1", "127.0.0.1", false),
        ]
    )
    func exceptions(list: String, host: String, isException: Bool) {
        #expect(ProxyExceptions(list).contains(host) == isException)
    }

    @Test("A socket goes through the tunnel that the proxy opens, also with TLS in it", arguments: [false, true])
    func tunnel(secure: Bool) async throws {
        try await SocketServer.run(identity: secure ? Certificates.localhost : nil, serving: SocketServer.echo) { target in
            let requests = AsyncStream.makeStream(of: [String].self)
            try await RawPeer.listen { proxy in
                requests.continuation.yield(try await proxy.readHead() ?? [])
                try await proxy.write("HTTP/1.1 200 Connection established\r\nProxy-Agent: test\r\n\r\n")
                try await proxy.join(port: target)
            } _: { port in
                let scheme = secure ? "wss" : "ws"
                let environment = ["\(secure ? "https" : "http")_proxy": "http://me:secret@127.0.0.1:\(port)"]
                let folder = try TemporaryFolder()
                let trust = try folder.file("authority.pem", bytes: Certificates.authority.utf8)
                let client = NIOWebSocketClient(environment: environment.merging(["SSL_CERT_FILE": trust]) { $1 })
                let back = try await client.withConnection(to: "\(scheme)://localhost:\(target)/path?query", timeout: .seconds(60)) {
                    socket in
                    try await socket.send("through the tunnel")
                    return try await socket.receive()
                }
                #expect(back == .text("through the tunnel"))
            }
            var iterator = requests.stream.makeAsyncIterator()
            let request = try #require(await iterator.next())
            #expect(
                request == ["CONNECT localhost:\(target) HTTP/1.1", "Host: localhost:\(target)", "Proxy-Authorization: Basic bWU6c2VjcmV0"]
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
                try await client.withConnection(to: "ws://target.invalid/?secret", timeout: .seconds(60)) { _ in }
            }
            #expect(error.code == (answer == "nonsense" ? .protocolViolation(.protocolError) : .cannotConnect))
            #expect(error.detail.contains("proxy") && error.detail.contains("target.invalid"))
            #expect(!error.detail.contains("secret"))
        }
    }
}
