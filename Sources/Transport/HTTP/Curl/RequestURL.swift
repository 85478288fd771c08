import CCurl

/// An absolute `http` or `https` URL, parsed by libcurl and left as it was written.
///
/// Never changed after `init`, so any thread may read it.
final class RequestURL: @unchecked Sendable {
    /// A `CURLU`.
    let handle: OpaquePointer
    let scheme: String
    /// A name, or an address; IPv6 in brackets. libcurl has written short and hexadecimal IPv4 addresses out.
    let host: String
    let port: Int
    /// Host, and the port where it is not the scheme's own: what Host says.
    let authority: String

    var isSecure: Bool { scheme == "https" }

    var destination: CurlEnvironment.Destination { .init(isSecure: isSecure, host: host.trimmingBrackets, port: port) }

    /// Requests of equal origin can share connections.
    var origin: String { "\(scheme)://\(authority)" }

    /// - Throws: ``HTTPError/Code/invalidRequest``.
    init(of request: HTTPRequest) throws(HTTPError) {
        guard let handle = curl_url() else { throw request.error(.invalidRequest, "out of memory") }
        self.handle = handle
        do {
            // Dot segments stay: they are part of what a pre-signed URL's signature covers.
            try Self.check(curl_url_set(handle, CURLUPART_URL, request.url, UInt32(CURLU_PATH_AS_IS | CURLU_DISALLOW_USER)))
            scheme = try Self.part(CURLUPART_SCHEME, of: handle)
            let host = try Self.part(CURLUPART_HOST, of: handle)
            let named = try? Self.part(CURLUPART_PORT, of: handle, flags: CURLU_NO_DEFAULT_PORT)
            self.host = host
            port = Int(try Self.part(CURLUPART_PORT, of: handle, flags: CURLU_DEFAULT_PORT)) ?? 0
            authority = named.map { "\(host):\($0)" } ?? host
        } catch {
            curl_url_cleanup(handle)
            throw request.error(.invalidRequest, "the URL is not valid: \(error.reason)")
        }
        guard ["http", "https"].contains(scheme) else {
            throw request.error(.invalidRequest, "the URL is neither http nor https")
        }
    }

    deinit {
        curl_url_cleanup(handle)
    }

    private struct Malformed: Error {
        let reason: String
    }

    private static func check(_ code: CURLUcode) throws(Malformed) {
        guard code == CURLUE_OK else { throw Malformed(reason: String(cString: curl_url_strerror(code))) }
    }

    private static func part(_ part: CURLUPart, of handle: OpaquePointer, flags: Int32 = 0) throws(Malformed) -> String {
        var text: UnsafeMutablePointer<CChar>?
        defer { curl_free(text) }
        try check(curl_url_get(handle, part, &text, UInt32(flags)))
        return text.map { String(cString: $0) } ?? ""
    }
}
