import Testing

@testable import Transport

@Suite("Hosts that are reached without a proxy")
struct ProxyExceptionsTests {
    @Test(
        "What no_proxy names, as curl, Python and Go read it",
        arguments: [
            ("*", "anything", true), ("example.com", "example.com", true), ("example.com", "a.b.EXAMPLE.com", true),
            (".example.com", "example.com", true), ("*.example.com", "a.example.com", true), ("EXAMPLE.COM", "example.com", true),
            ("example.com", "notexample.com", false), ("a, example.com ,b", "example.com", true), ("a b", "b", true), ("", "host", false),
            ("example.com.", "example.com", true), ("example.com", "example.com.", true), ("com", "example.com", true),
            ("*example.com", "notexample.com", false), ("exam*", "example.com", false), (",,", "host", false), (".", "host", false),
            ("127.0.0.1", "127.0.0.1", true), ("10.0.0.0/8", "10.255.0.1", true), ("10.0.0.0/8", "11.0.0.1", false),
            ("10.1.2.0/23", "10.1.3.9", true), ("10.0.0.0/33", "10.0.0.0", false), ("0.0.0.0/0", "8.8.8.8", true),
            ("10.0.0.0/x", "10.0.0.0", false), ("10.0.0.0/-1", "10.0.0.0", false),
            ("::1", "::1", true), ("[::1]", "::1", true), ("fd00::/8", "fd12::1", true), ("fd00::/8", "fe80::1", false),
            ("[fd00::]/8", "fd12::1", true), ("10.0.0.0/8", "fd00::1", false), ("10.0.0.0/8", "::ffff:10.1.1.1", true),
            ("1", "127.0.0.1", false), ("0.1", "127.0.0.1", false),
            ("example.com:443", "example.com", true), ("example.com:8443", "example.com", false), ("*:443", "any", true),
            ("10.1.1.1:443", "10.1.1.1", true), ("10.1.1.1:80", "10.1.1.1", false), ("[::2]:443", "::2", true), ("[::2]:80", "::2", false),
            ("example.com:https", "example.com", false),
        ]
    )
    func exceptions(list: String, host: String, isException: Bool) {
        #expect(ProxyExceptions(list).contains(host, port: 443) == isException)
    }

    @Test(
        "This machine, in every spelling",
        arguments: [
            ("localhost", true), ("LocalHost", true), ("localhost.", true), ("127.0.0.1", true), ("127.255.255.254", true), ("127.1", true),
            ("2130706433", true), ("0x7f.1", true), ("0177.0.0.1", true), ("::1", true), ("[::1]", true), ("0:0:0:0:0:0:0:1", true),
            ("::ffff:127.0.0.1", true), ("128.0.0.1", false), ("::2", false), ("::ffff:10.0.0.1", false), ("127.0.0.1.example.com", false),
            ("localhost.example.com", false), ("mylocalhost", false), ("", false), (".", false), ("127.0.0.1 evil", false),
        ]
    )
    func loopback(host: String, isLoopback: Bool) {
        #expect(Loopback.contains(host) == isLoopback)
    }
}
