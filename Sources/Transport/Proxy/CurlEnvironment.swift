/// What the environment says about proxies and certificates, read as the curl tool reads it.
///
/// libcurl would look up the proxies by itself, but only in the process's own environment, and it would send tokens to them in the clear.
struct CurlEnvironment: Sendable {
    private let variables: [String: String]

    init(_ variables: [String: String]) {
        self.variables = variables
    }

    /// Trusted certificates, instead of the system's: `CURL_CA_BUNDLE`, else `SSL_CERT_FILE`.
    var certificateFile: String? { value("CURL_CA_BUNDLE", "SSL_CERT_FILE") }

    /// A directory of trusted certificates: `SSL_CERT_DIR`, unless `CURL_CA_BUNDLE` names a file.
    var certificateDirectory: String? { value("CURL_CA_BUNDLE") == nil ? value("SSL_CERT_DIR") : nil }

    /// What names a proxy for a scheme; empty for none. Whether it is used, ``proxy(to:)`` decides.
    func proxy(for scheme: String) -> String {
        // HTTP_PROXY in capitals is left out: in a CGI program it is the client's `Proxy:` field.
        let own = scheme == "http" ? value("http_proxy") : value("\(scheme)_proxy", "\(scheme.uppercased())_PROXY")
        return own ?? value("all_proxy", "ALL_PROXY") ?? ""
    }

    /// Hosts that are reached without a proxy.
    var proxyExceptions: String { value("no_proxy", "NO_PROXY") ?? "" }

    /// The first of these that is set, and not to nothing.
    private func value(_ names: String...) -> String? {
        for name in names {
            if let value = variables[name], !value.isEmpty { return value }
        }
        return nil
    }
}
