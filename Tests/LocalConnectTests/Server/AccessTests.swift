import ConnectWire
import FoundationEssentials
import TestSupport
import Testing
import Transport

@testable import LocalConnect

@Suite("Who may call", .timeLimit(.minutes(1)))
struct AccessTests {
    private static let loopback = [
        "localhost", "localhost:8080", "LocalHost:1", "localhost.", "localhost:", "127.0.0.1", "127.0.0.1:8080", "127.8.9.255", "[::1]",
        "[::1]:8080", "[0:0:0:0:0:0:0:1]:1",
    ]
    private static let foreign = [
        "", " ", "shop.example", "localhost.evil.example", "127.0.0.1.evil.example", "evil.example:8080", "evil-localhost", "localhost..",
        ".localhost", "notlocalhost", "foo.localhost", "localhost@evil.example", "user@localhost", "user:pass@127.0.0.1", "localhost/..",
        "http://localhost", "localhost, evil.example", "localhost:80:80", "localhost:8o", "localhost:-1", "2130706433", "0177.0.0.1",
        "0x7f.0.0.1",
        "0x7f000001", "127.1", "127.0.0.01", "127.0.0.256", "127.0.0.1.1", "0.0.0.0", "128.0.0.1", "[::]", "[::1", "::1", "[::1]x",
        "[::1%lo]",
        "[::ffff:10.0.0.1]", "[127.0.0.1]", "[localhost]", "10.0.0.1", "localho\u{17F}t", "\u{FF11}27.0.0.1", "localhost\0",
    ]

    private func refusal(
        _ headers: [(String, String)],
        hosts: [String] = [],
        origins: [String] = [],
        isForOperator: Bool = false
    ) throws -> ServiceFault? {
        let rules = AccessRules(
            hosts: try hosts.map { try #require(AllowedHost($0)) },
            origins: try origins.map { try #require(AllowedOrigin($0)) }
        )
        do throws(ServiceFault) {
            try rules.check(headers.map { HTTPHeader($0.0, $0.1) }, isForOperator: isForOperator)
            return nil
        } catch {
            return error
        }
    }

    @Test("The loopback may be named in every form", arguments: loopback)
    func loopbackHosts(host: String) throws {
        #expect(try refusal([("Host", host)]) == nil)
        #expect(try refusal([("hOST", host)], isForOperator: true) == nil)
    }

    @Test("Another Host is refused, with the option that would allow it", arguments: foreign)
    func foreignHosts(host: String) throws {
        for isForOperator in [true, false] {
            let refusal = try #require(try refusal([("Host", host)], origins: ["*"], isForOperator: isForOperator))
            #expect(refusal.status == 403)
            #expect(refusal.message.contains("--allow-host"))
        }
    }

    @Test("A request names one Host: none is refused, and so are two, even of the loopback")
    func hostCount() throws {
        #expect(try refusal([])?.status == 403)
        #expect(try refusal([("Host", "localhost"), ("host", "localhost")])?.status == 403)
    }

    @Test(
        "A named host is answered, on its port if it has one",
        arguments: [
            ("chat.test", "chat.test", true), ("chat.test", "CHAT.test:8080", true), ("Chat.Test.", "chat.test", true),
            ("chat.test:8080", "chat.test:8080", true), ("chat.test:8080", "chat.test", false), ("chat.test:8080", "chat.test:8081", false),
            ("chat.test", "x.chat.test", false), ("10.0.0.7", "10.0.0.7:8080", true), ("fd00::7", "[fd00::7]:8080", true),
            ("[fd00::7]", "[fd00::7]", true), ("0.0.0.0", "0.0.0.0:1", true), ("0.0.0.0", "10.0.0.7", false),
        ]
    )
    func namedHosts(allowed: String, host: String, isAnswered: Bool) throws {
        #expect((try refusal([("Host", host)], hosts: [allowed]) == nil) == isAnswered)
        #expect(try refusal([("Host", "localhost")], hosts: [allowed]) == nil)
    }

    @Test(
        "Pages of this machine may call, others may not",
        arguments: [
            ("http://localhost", true), ("http://localhost:3000", true), ("https://LOCALHOST:3000", true), ("http://127.0.0.1:5173", true),
            ("http://[::1]:8080", true), ("https://shop.example", false), ("http://localhost.evil.example", false), ("null", false),
            ("", false), ("http://127.0.0.1.evil.example", false), ("http://evil.example?localhost", false),
            ("http://localhost@evil.example", false),
            ("http://localhost http://evil.example", false), ("file://", false), ("capacitor://localhost", false), ("localhost", false),
            ("chrome-extension://abcdef", false), ("*", false),
        ]
    )
    func origins(origin: String, isAnswered: Bool) throws {
        let headers = [("Host", "localhost"), ("Origin", origin)]
        let refusal = try refusal(headers)
        #expect((refusal == nil) == isAnswered)
        if let refusal { #expect(refusal.status == 403 && refusal.message.contains("--allow-origin")) }
        #expect((try self.refusal(headers, isForOperator: true) == nil) == isAnswered)
        // With the star, all may; but not where the operator's things are.
        #expect(try self.refusal(headers, origins: ["*"]) == nil)
        #expect((try self.refusal(headers, origins: ["*"], isForOperator: true) == nil) == isAnswered)
        #expect(try self.refusal([headers[0], ("Origin", "http://localhost"), ("Origin", "https://shop.example")]) != nil)
    }

    @Test(
        "A named origin may call, and no other",
        arguments: [
            ("https://shop.example", "https://shop.example", true), ("https://Shop.Example/", "https://shop.example", true),
            ("https://shop.example:443", "https://shop.example", true), ("http://shop.example:80", "http://shop.example", true),
            ("https://shop.example", "http://shop.example", false), ("https://shop.example", "https://shop.example:8443", false),
            ("https://shop.example:8443", "https://shop.example:8443", true), ("https://shop.example", "https://www.shop.example", false),
            ("null", "null", true), ("capacitor://localhost", "capacitor://localhost", true),
        ]
    )
    func namedOrigins(allowed: String, origin: String, isAnswered: Bool) throws {
        #expect((try refusal([("Host", "localhost"), ("Origin", origin)], origins: [allowed]) == nil) == isAnswered)
    }

    @Test("What can be no host and no origin is no option's value")
    func wrongOptions() {
        for text in ["", "*", "http://chat.test", "a b", "chat.test/", "chat.test:http", "u@chat.test"] {
            #expect(AllowedHost(text) == nil)
        }
        for text in ["", "shop.example", "https://", "https://shop.example/path", "https://*.example", "://x", "https://u@shop.example"] {
            #expect(AllowedOrigin(text) == nil)
        }
    }

    // Through the door

    @Test(
        "Every path asks who calls, before anything happens",
        arguments: [
            ("PUT", "/contact/chat"), ("POST", "/participant/message"), ("GET", "/local/contacts"), ("DELETE", "/local/faults"),
            ("PUT", "/objects/x?X-Amz-Signature=0"), ("OPTIONS", "/participant/message"), ("OPTIONS", "/objects/x"),
            ("GET", "/favicon.ico"),
            ("GET", "/ws?token=x"), ("OPTIONS", "*"),
        ]
    )
    func everyPath(method: String, path: String) async throws {
        try await RunningService.with { service in
            for strange in [
                "Host: evil.example", "", "Host: localhost\r\nHost: evil.example", "Host: localhost\r\nOrigin: https://shop.example",
            ] {
                let end = strange.isEmpty ? "\r\n" : "\r\n\r\n"
                let answer = try await service.raw("\(method) \(path) HTTP/1.1\r\nConnection: close\r\n\(strange)\(end)")
                #expect(answer.hasPrefix("HTTP/1.1 403 "), "\(answer)")
                #expect(answer.contains("--allow-"))
                #expect(!answer.lowercased().contains("access-control-allow-origin"))
            }
        }
    }

    @Test("A WebSocket is opened for the loopback's pages and for clients without an Origin, and for nobody else")
    func webSockets() async throws {
        try await RunningService.with { service in
            let chat = try await service.startChat()
            for (headers, status) in [
                ("Host: localhost\r\nOrigin: https://shop.example", 403), ("Host: evil.example", 403),
                ("Host: localhost\r\nOrigin: null", 403), ("Host: localhost\r\nOrigin: http://localhost:3000", 101),
                ("Host: 127.0.0.1", 101),
            ] {
                let url = try await service.connect(chat.participantToken).url
                let target = "/ws" + (url.split(separator: "/ws").last ?? "")
                let upgrade =
                    "Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ=="
                let head = try await RawPeer.connect(to: service.port) { peer in
                    try await peer.write("GET \(target) HTTP/1.1\r\n\(headers)\r\n\(upgrade)\r\n\r\n")
                    return try await peer.readHead()
                }
                #expect(head?.first?.contains(" \(status) ") == true, "\(headers): \(head ?? [])")
            }
        }
    }

    @Test("A page that may call is told so, by its own name or by the star; others are told nothing")
    func allowances() async throws {
        var configuration = LocalConnect.Configuration.quick
        configuration.allowedOrigins = [try #require(AllowedOrigin("https://shop.example"))]
        configuration.allowedHosts = [try #require(AllowedHost("chat.test"))]
        try await RunningService.with(configuration) { service in
            func answer(_ method: String, _ headers: String) async throws -> String {
                try await service.raw("\(method) /participant/message HTTP/1.1\r\nConnection: close\r\n\(headers)\r\n\r\n").lowercased()
            }
            for method in ["POST", "OPTIONS"] {
                let shop = try await answer(method, "Host: chat.test\r\nOrigin: https://shop.example")
                #expect(shop.contains("access-control-allow-origin: https://shop.example\r\n") && shop.contains("vary: origin"))
                let local = try await answer(method, "Host: localhost\r\nOrigin: http://localhost:3000")
                #expect(local.contains("access-control-allow-origin: http://localhost:3000\r\n"))
                let none = try await answer(method, "Host: localhost")
                #expect(!none.contains("access-control-allow-origin"))
            }
        }
        configuration.allowedOrigins = [.all]
        try await RunningService.with(configuration) { service in
            let answer = try await service.raw(
                "POST /participant/message HTTP/1.1\r\nHost: localhost\r\nOrigin: null\r\nConnection: close\r\n\r\n"
            )
            #expect(answer.lowercased().contains("access-control-allow-origin: *"))
        }
    }
}

extension RunningService {
    var port: Int { Int(endpoint.split(separator: ":").last ?? "") ?? 0 }

    /// What the service answers to these bytes, until it closes.
    func raw(_ request: String) async throws -> String {
        let bytes = try await RawPeer.connect(to: port) { peer in
            try await peer.write(request)
            return try await peer.readToEnd()
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}
