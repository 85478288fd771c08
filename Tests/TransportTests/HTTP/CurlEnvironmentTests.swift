import Testing

@testable import Transport

@Suite("The environment is read as the curl tool reads it")
struct CurlEnvironmentTests {
    @Test(
        "Proxies",
        arguments: [
            (["http_proxy": "a"], "http", "a"), (["HTTP_PROXY": "a"], "http", ""), (["https_proxy": "a"], "http", ""),
            (["https_proxy": "a", "HTTPS_PROXY": "b"], "https", "a"), (["HTTPS_PROXY": "b"], "https", "b"),
            (["https_proxy": "", "HTTPS_PROXY": "b"], "https", "b"),
            (["all_proxy": "c", "https_proxy": "a"], "https", "a"), (["all_proxy": "c"], "http", "c"), (["ALL_PROXY": "d"], "https", "d"),
            ([:], "https", ""),
        ] as [([String: String], String, String)]
    )
    func proxies(variables: [String: String], scheme: String, proxy: String) {
        #expect(CurlEnvironment(variables).proxy(for: scheme) == proxy)
    }

    @Test(
        "Certificates",
        arguments: [
            ([:], nil, nil), (["CURL_CA_BUNDLE": "a", "SSL_CERT_FILE": "b", "SSL_CERT_DIR": "c"], "a", nil),
            (["SSL_CERT_FILE": "b", "SSL_CERT_DIR": "c"], "b", "c"), (["CURL_CA_BUNDLE": "", "SSL_CERT_FILE": "b"], "b", nil),
            (["SSL_CERT_DIR": "c"], nil, "c"),
        ] as [([String: String], String?, String?)]
    )
    func certificates(variables: [String: String], file: String?, directory: String?) {
        #expect(CurlEnvironment(variables).certificateFile == file)
        #expect(CurlEnvironment(variables).certificateDirectory == directory)
    }
}
