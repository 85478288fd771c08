import CCurl

extension HTTPError.Code {
    /// - Parameter mayHaveSent: Whether the connection stood when the transfer failed.
    init(_ code: CURLcode, mayHaveSent: Bool) {
        self =
            switch code {
            case CURLE_FILESIZE_EXCEEDED: .responseTooLarge
            // What libcurl says of a header line over its own limit of 100 KiB.
            case CURLE_OUT_OF_MEMORY where mayHaveSent: .responseTooLarge
            case CURLE_URL_MALFORMAT, CURLE_OUT_OF_MEMORY: .invalidRequest
            case CURLE_SSL_CONNECT_ERROR, CURLE_PEER_FAILED_VERIFICATION, CURLE_SSL_CACERT_BADFILE, CURLE_SSL_CERTPROBLEM,
                CURLE_SSL_CIPHER, CURLE_SSL_ISSUER_ERROR, CURLE_SSL_CRL_BADFILE, CURLE_SSL_INVALIDCERTSTATUS,
                CURLE_SSL_ENGINE_INITFAILED, CURLE_SSL_ENGINE_NOTFOUND, CURLE_SSL_ENGINE_SETFAILED:
                .tls
            case _ where !mayHaveSent: .cannotConnect
            case CURLE_OPERATION_TIMEDOUT: .timedOut
            default: .connectionLost
            }
    }
}

extension EasyHandle {
    /// The error that a failed transfer ends with.
    /// - Parameter throughProxy: libcurl's own words may then have the proxy's URL in them, and with it a password.
    func error(_ code: CURLcode, of request: HTTPRequest, throughProxy: Bool) -> HTTPError {
        let kind = HTTPError.Code(code, mayHaveSent: mayHaveSent)
        if kind == .responseTooLarge {
            return request.error(kind, "the answer is larger than \(request.responseLimit) bytes, or its header is too long")
        }
        var detail = throughProxy ? "\(String(cString: curl_easy_strerror(code))), by way of the environment's proxy" : message(for: code)
        if code == CURLE_PEER_FAILED_VERIFICATION {
            detail += "; SSL_CERT_FILE or CURL_CA_BUNDLE can name a file with the certificates to trust"
        }
        return request.error(kind, detail)
    }
}
