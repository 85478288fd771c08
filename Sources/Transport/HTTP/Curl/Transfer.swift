import CCurl

/// One exchange on the transfer thread, from its arrival to its only answer.
final class Transfer {
    typealias Answer = CheckedContinuation<Result<HTTPResponse, HTTPError>, Never>

    let exchange: Exchange
    /// On the loop's clock.
    let deadline: Duration
    /// Set while it runs.
    private(set) var handle: EasyHandle?

    private let answer: Answer
    private var usesProxy = false
    private var upload: BodyFile?
    private var download: DownloadFile?
    private var head = ResponseHead()
    private var body: [UInt8] = []
    private var receivedBytes = 0
    private var sentBytes: Int64 = 0
    /// Why a callback stopped the transfer.
    private var failure: HTTPError?

    private var request: HTTPRequest { exchange.request }

    init(_ exchange: Exchange, deadline: Duration, answer: Answer) {
        self.exchange = exchange
        self.deadline = deadline
        self.answer = answer
    }

    /// Takes the handle, opens the request's files and sets everything up for `curl_multi_add_handle`.
    func prepare(on handle: EasyHandle, _ route: EasyHandle.Route) throws(HTTPError) {
        self.handle = handle
        guard route.timeout > .zero else { throw overdue }
        do throws(FileError) {
            upload = try BodyFile(of: request.body)
        } catch {
            throw request.error(.unusableBody, error.detail)
        }
        do throws(FileError) {
            if let path = request.downloadPath { download = try DownloadFile(path: path) }
        } catch {
            throw request.error(.invalidRequest, error.detail)
        }
        usesProxy = route.proxy != nil
        handle.set(request, to: exchange.url, by: route)
        setCallbacks(on: handle)
        guard handle.refusal == CURLE_OK else {
            throw request.error(.invalidRequest, String(cString: curl_easy_strerror(handle.refusal)))
        }
    }

    /// The handle, to be used again; the files are closed.
    func giveBackHandle() -> EasyHandle? {
        defer { handle = nil }
        upload = nil
        download = nil
        handle?.reset()
        return handle
    }

    /// What the transfer came to, once libcurl is done with it.
    func result(_ code: CURLcode) -> Result<HTTPResponse, HTTPError> {
        if let failure { return .failure(failure) }
        if code != CURLE_OK, let handle { return .failure(handle.error(code, of: request, throughProxy: usesProxy)) }
        guard head.isComplete else { return .failure(request.error(.connectionLost, "the answer ended within its header")) }
        do throws(FileError) {
            if isDownload { try download?.place() }
        } catch {
            return .failure(request.error(.invalidRequest, error.detail))
        }
        return .success(HTTPResponse(status: head.status, headers: head.headers, body: body))
    }

    /// What it ends with when its time is over before it could begin.
    var overdue: HTTPError { request.error(.timedOut, "no connection was free within \(request.timeout)") }

    /// Whether it was HTTP/2, not the network, that the transfer failed by.
    func isBrokenHTTP2(_ code: CURLcode) -> Bool {
        switch code {
        case CURLE_HTTP2, CURLE_HTTP2_STREAM: true
        // So libcurl calls a stream that ended before its answer began; over HTTP/1.1 an answer must have begun.
        case CURLE_PARTIAL_FILE: head.status == 0
        default: false
        }
    }

    /// Tells the sender. To be called exactly once.
    func finish(_ result: Result<HTTPResponse, HTTPError>) {
        answer.resume(returning: result)
    }

    private var isDownload: Bool { request.downloadPath != nil && (200..<300).contains(head.status) }
}

// What libcurl calls, on the transfer thread, while the transfer runs.
extension Transfer {
    fileprivate static func at(_ pointer: UnsafeMutableRawPointer?) -> Transfer? {
        pointer.map { Unmanaged<Transfer>.fromOpaque($0).takeUnretainedValue() }
    }

    /// The loop keeps the transfer alive as long as the handle runs.
    private func setCallbacks(on handle: EasyHandle) {
        let me = UnsafeRawPointer(Unmanaged.passUnretained(self).toOpaque())
        for option in [CURLOPT_PRIVATE, CURLOPT_HEADERDATA, CURLOPT_WRITEDATA, CURLOPT_READDATA, CURLOPT_SEEKDATA] {
            handle.set(option, me)
        }
        // A count other than the one given stops the transfer.
        handle.set(CURLOPT_HEADERFUNCTION) { bytes, size, count, me in
            let line = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Transfer.at(me)?.receiveHeader(line) == true ? line.count : 0
        }
        handle.set(CURLOPT_WRITEFUNCTION) { bytes, size, count, me in
            let part = UnsafeRawBufferPointer(start: bytes, count: size * count)
            return Transfer.at(me)?.receiveBody(part) == true ? part.count : -1
        }
        handle.set(
            reader: { bytes, size, count, me in
                let buffer = UnsafeMutableRawBufferPointer(start: bytes, count: size * count)
                return Transfer.at(me)?.sendBody(into: buffer) ?? Int(CURL_READFUNC_ABORT)
            },
            // libcurl rewinds when it has to send again: a kept connection had been closed by the server.
            seeker: { me, offset, origin in
                guard origin == SEEK_SET, offset == 0, let transfer = Transfer.at(me) else { return CURL_SEEKFUNC_FAIL }
                transfer.upload?.rewind()
                transfer.tell(sent: 0)
                return CURL_SEEKFUNC_OK
            }
        )
    }

    private func receiveHeader(_ line: UnsafeRawBufferPointer) -> Bool {
        guard head.take(line: line) else {
            return fail(
                .responseTooLarge,
                "the answer has more than \(ResponseHead.fieldLimit) fields or \(ResponseHead.byteLimit) bytes of them"
            )
        }
        return true
    }

    private func receiveBody(_ part: UnsafeRawBufferPointer) -> Bool {
        receivedBytes += part.count
        guard receivedBytes <= request.responseLimit else {
            return fail(.responseTooLarge, "the answer is larger than \(request.responseLimit) bytes")
        }
        guard isDownload else {
            body.append(contentsOf: part)
            return true
        }
        do throws(FileError) {
            try download?.write(part)
            return true
        } catch {
            return fail(.invalidRequest, error.detail)
        }
    }

    private func sendBody(into buffer: UnsafeMutableRawBufferPointer) -> Int {
        do throws(FileError) {
            guard let count = try upload?.read(into: buffer) else { return 0 }
            tell(sent: sentBytes + Int64(count))
            return count
        } catch {
            _ = fail(.unusableBody, error.detail)
            return Int(CURL_READFUNC_ABORT)
        }
    }

    private func tell(sent bytes: Int64) {
        sentBytes = bytes
        request.progress?(bytes)
    }

    private func fail(_ code: HTTPError.Code, _ detail: String) -> Bool {
        failure = request.error(code, detail)
        return false
    }
}
