import Participant
import Testing

@Suite("Endpoints")
struct EndpointTests {
    @Test(
        "https anywhere, http on this machine",
        arguments: [
            ("https://participant.connect.eu-west-2.amazonaws.com", "https://participant.connect.eu-west-2.amazonaws.com", false),
            ("HTTPS://example.com", "https://example.com", false),
            ("https://example.com/", "https://example.com", false),
            ("https://example.com:8443//", "https://example.com:8443", false),
            ("https://127.0.0.1", "https://127.0.0.1", true),
            ("https://localhost:1", "https://localhost:1", true),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080", true),
            ("http://127.1.2.3", "http://127.1.2.3", true),
            ("http://localhost:8080/", "http://localhost:8080", true),
            ("http://[::1]:8080", "http://[::1]:8080", true),
            ("http://[::ffff:127.0.0.1]:65535", "http://[::ffff:127.0.0.1]:65535", true),
            ("https://[2001:db8::1]:443", "https://[2001:db8::1]:443", false),
        ]
    )
    func accepts(text: String, url: String, isLoopback: Bool) throws {
        let endpoint = try Endpoint(parsing: text)
        #expect(endpoint.url == url)
        #expect(endpoint.description == url)
        #expect(endpoint.isLoopback == isLoopback)
    }

    @Test(
        "Everything else is refused, with the reason",
        arguments: [
            ("", "not a URL"), ("example.com", "not a URL"), ("https://", "not a URL"), ("://x", "not a URL"),
            ("https:///path", "not a URL"),
            ("http://example.com", "must be https"), ("http://10.0.0.1:8080", "must be https"), ("ws://127.0.0.1", "must be https"),
            ("ftp://localhost", "must be https"), ("http://127.0.0.1.example.com", "must be https"),
            ("http://localhost.example.com", "must be https"), ("http://[::2]", "must be https"),
            ("http://127.0.0.1:99999", "1 to 65535"), ("https://example.com:0", "1 to 65535"), ("https://example.com:65536", "1 to 65535"),
            ("https://example.com/path", "alone"), ("https://example.com?x=1", "alone"), ("https://example.com#x", "alone"),
            ("https://user@example.com", "alone"), ("https://user:password@example.com", "alone"),
        ]
    )
    func refuses(text: String, reason: String) {
        let error = #expect(throws: InvalidEndpoint.self) { try Endpoint(parsing: text) }
        #expect(error?.description.contains(reason) ?? false)
    }

    @Test("A region has the service's own endpoint", arguments: ["eu-west-2", "us-gov-west-1"])
    func regions(region: String) throws {
        #expect(try Endpoint(region: region).url == "https://participant.connect.\(region).amazonaws.com")
    }

    @Test("What is no region's name is refused", arguments: ["", "eu west 2", "EU-WEST-2", "x.evil.example/", "eu-west-2#", "é", "٢"])
    func refusesRegions(region: String) {
        #expect(throws: InvalidEndpoint.self) { try Endpoint(region: region) }
    }
}
