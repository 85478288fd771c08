import CCurl

/// libcurl's multi handle: many transfers, their connections, and the wait for all of them.
///
/// ``wakeUp()`` may be called from any thread (libcurl's word); everything else belongs to the transfer thread.
final class MultiHandle: @unchecked Sendable {
    private let pointer: UnsafeMutableRawPointer
    private var isOpen = true

    /// - Parameter connections: Over all hosts; a transfer beyond that waits inside libcurl.
    init?(connections: Int, connectionsPerHost: Int) {
        // Counted and thread-safe since libcurl 7.84, and never undone: other clients may be at work.
        guard curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK, let pointer = curl_multi_init() else { return nil }
        self.pointer = pointer
        curl_multi_set_number(pointer, CURLMOPT_MAX_TOTAL_CONNECTIONS, connections)
        curl_multi_set_number(pointer, CURLMOPT_MAX_HOST_CONNECTIONS, connectionsPerHost)
        curl_multi_set_number(pointer, CURLMOPT_MAXCONNECTS, connections)
        curl_multi_set_number(pointer, CURLMOPT_PIPELINING, Int(CURLPIPE_MULTIPLEX))
    }

    deinit {
        close()
    }

    /// Closes all connections; the handle is of no use afterwards. Every transfer must be out.
    func close() {
        if isOpen { curl_multi_cleanup(pointer) }
        isOpen = false
    }

    func wakeUp() {
        curl_multi_wakeup(pointer)
    }

    func add(_ handle: EasyHandle) -> Bool {
        curl_multi_add_handle(pointer, handle.pointer) == CURLM_OK
    }

    /// Stops the transfer at once; its connection is closed unless it was through with it.
    func remove(_ handle: EasyHandle) {
        curl_multi_remove_handle(pointer, handle.pointer)
    }

    /// Reads and writes whatever can be now.
    /// - Returns: False when libcurl is broken for good.
    func perform() -> Bool {
        var running: Int32 = 0
        return curl_multi_perform(pointer, &running) == CURLM_OK
    }

    /// The next transfer that has ended, and how.
    func nextDone() -> (transfer: Transfer, code: CURLcode)? {
        var left: Int32 = 0
        while let message = curl_multi_info_read(pointer, &left)?.pointee {
            var transfer: UnsafeMutableRawPointer?
            guard message.msg == CURLMSG_DONE, let handle = message.easy_handle else { continue }
            curl_easy_get_pointer(handle, CURLINFO_PRIVATE, &transfer)
            guard let transfer else { continue }
            return (Unmanaged<Transfer>.fromOpaque(transfer).takeUnretainedValue(), message.data.result)
        }
        return nil
    }

    /// Sleeps until a socket is ready, one of libcurl's own timers fires, or somebody calls ``wakeUp()``.
    func poll(atMost time: Duration) -> Bool {
        curl_multi_poll(pointer, nil, 0, Int32(time / .milliseconds(1)), nil) == CURLM_OK
    }
}
