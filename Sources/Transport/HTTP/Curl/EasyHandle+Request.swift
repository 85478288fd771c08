import CCurl

extension EasyHandle {
    /// How a request is to travel.
    struct Route {
        var environment: CurlEnvironment
        /// The proxy's URL; nil for none.
        var proxy: String?
        var connectTimeout: Duration
        /// What is left of the time for the whole exchange.
        var timeout: Duration
        /// False for an origin whose HTTP/2 has failed before.
        var mayUseHTTP2: Bool
    }

    /// Sets everything but the callbacks.
    func set(_ request: HTTPRequest, to url: RequestURL, by route: Route) {
        collectMessage()
        setDestination(url, route)
        setCertificates(route.environment)
        setTimes(route)
        setMethodAndBody(of: request)
        setFields(of: request)
        // As much as the curl tool reads at once; else it is 16 KiB.
        if request.downloadPath != nil { set(CURLOPT_BUFFERSIZE, 100 * 1024) }
    }

    private func setDestination(_ url: RequestURL, _ route: Route) {
        set(CURLOPT_CURLU, UnsafeRawPointer(url.handle))
        set(CURLOPT_PATH_AS_IS, 1)
        set(CURLOPT_PROTOCOLS_STR, "http,https")
        set(CURLOPT_HTTP_VERSION, route.mayUseHTTP2 ? Int(CURL_HTTP_VERSION_2TLS) : Int(CURL_HTTP_VERSION_1_1))
        // Empty, they also keep libcurl from looking into the process's environment.
        set(CURLOPT_PROXY, route.proxy ?? "")
        set(CURLOPT_NOPROXY, "")
        set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        guard url.isSecure else { return }
        // Wait for a connection that is being made, for it may turn out to take several requests (HTTP/2).
        set(CURLOPT_PIPEWAIT, 1)
        set(CURLOPT_SSLVERSION, Int(CURL_SSLVERSION_TLSv1_2))
    }

    /// For the server and for a proxy that speaks TLS itself.
    private func setCertificates(_ environment: CurlEnvironment) {
        if let file = environment.certificateFile {
            for option in [CURLOPT_CAINFO, CURLOPT_PROXY_CAINFO] { set(option, file) }
        }
        if let directory = environment.certificateDirectory {
            for option in [CURLOPT_CAPATH, CURLOPT_PROXY_CAPATH] { set(option, directory) }
        }
    }

    private func setTimes(_ route: Route) {
        set(CURLOPT_NOSIGNAL, 1)
        set(CURLOPT_CONNECTTIMEOUT_MS, route.connectTimeout.milliseconds)
        set(CURLOPT_TIMEOUT_MS, route.timeout.milliseconds)
        // Else a transfer that ends while its name is being resolved holds up all others until the resolver gives up.
        set(CURLOPT_QUICK_EXIT, 1)
    }

    private func setMethodAndBody(of request: HTTPRequest) {
        switch request.body {
        case .none where request.contentLength == nil:
            set(request.method == "HEAD" ? CURLOPT_NOBODY : CURLOPT_HTTPGET, 1)
        case .none:
            setBody([])
        case .bytes(let bytes):
            setBody(bytes)
        case .file(_, let size, _):
            set(CURLOPT_UPLOAD, 1)
            set(CURLOPT_INFILESIZE_LARGE, size: size)
        }
        set(CURLOPT_CUSTOMREQUEST, request.method)
        // 0 would mean any size. The answer to HEAD has the size of a body that does not come.
        if request.method != "HEAD", request.responseLimit > 0 { set(CURLOPT_MAXFILESIZE_LARGE, size: Int64(request.responseLimit)) }
    }

    private func setBody(_ bytes: [UInt8]) {
        set(CURLOPT_POST, 1)
        set(CURLOPT_POSTFIELDSIZE_LARGE, size: Int64(bytes.count))
        // A null pointer would mean that the read callback has the body.
        if bytes.isEmpty { return set(CURLOPT_COPYPOSTFIELDS, "") }
        bytes.withUnsafeBytes { set(CURLOPT_COPYPOSTFIELDS, $0.baseAddress) }
    }

    /// The fields as named, and none of those that libcurl would add by itself.
    private func setFields(of request: HTTPRequest) {
        for header in request.headers {
            // `Name:` without a value would take the field out; `Name;` sends it empty.
            let isEmpty = header.value.allSatisfy { $0 == " " || $0 == "\t" }
            addField(isEmpty ? "\(header.name);" : "\(header.name): \(header.value)")
        }
        for name in ["Accept", "Content-Type", "Expect", "Proxy-Connection", "User-Agent"] where request.headers[name] == nil {
            addField("\(name):")
        }
        setFields()
    }
}

extension Duration {
    /// At least 1, for 0 would mean no limit to libcurl.
    fileprivate var milliseconds: Int {
        Int(min(max(self / .milliseconds(1), 1), Double(Int32.max)))
    }
}
