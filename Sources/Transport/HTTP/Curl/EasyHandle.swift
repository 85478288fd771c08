import CCurl

/// One of libcurl's easy handles: a single transfer at a time, used again for the next.
final class EasyHandle {
    let pointer: UnsafeMutableRawPointer
    private let message: UnsafeMutablePointer<CChar>
    private var fields: UnsafeMutablePointer<curl_slist>?
    /// The first option that libcurl refused since the last ``reset()``.
    private(set) var refusal = CURLE_OK

    init?() {
        guard let pointer = curl_easy_init() else { return nil }
        self.pointer = pointer
        message = .allocate(capacity: Int(CURL_ERROR_SIZE))
        message.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    deinit {
        curl_easy_cleanup(pointer)
        curl_slist_free_all(fields)
        message.deallocate()
    }

    /// Forgets the last transfer. The handle must be out of its multi handle.
    func reset() {
        curl_easy_reset(pointer)
        curl_slist_free_all(fields)
        fields = nil
        message[0] = 0
        refusal = CURLE_OK
    }

    func set(_ option: CURLoption, _ number: Int) {
        note(curl_easy_set_number(pointer, option, number))
    }

    func set(_ option: CURLoption, size: Int64) {
        note(curl_easy_set_size(pointer, option, curl_off_t(size)))
    }

    /// libcurl makes its own copy.
    func set(_ option: CURLoption, _ text: String) {
        note(curl_easy_set_text(pointer, option, text))
    }

    func set(_ option: CURLoption, _ value: UnsafeRawPointer?) {
        note(curl_easy_set_pointer(pointer, option, value))
    }

    func set(_ option: CURLoption, receiver: @escaping curl_write_callback) {
        note(curl_easy_set_receiver(pointer, option, receiver))
    }

    func set(reader: @escaping curl_read_callback, seeker: @escaping curl_seek_callback) {
        note(curl_easy_set_reader(pointer, reader))
        note(curl_easy_set_seeker(pointer, seeker))
    }

    /// Adds a line to what ``setFields()`` will send.
    func addField(_ line: String) {
        guard let longer = curl_slist_append(fields, line) else { return note(CURLE_OUT_OF_MEMORY) }
        fields = longer
    }

    func setFields() {
        set(CURLOPT_HTTPHEADER, fields)
    }

    func collectMessage() {
        set(CURLOPT_ERRORBUFFER, message)
    }

    /// What libcurl said about the failure; else what the code means.
    func message(for code: CURLcode) -> String {
        message[0] == 0 ? String(cString: curl_easy_strerror(code)) : String(cString: message)
    }

    /// Whether the connection stood, so that the request may have gone out.
    var mayHaveSent: Bool {
        var microseconds: curl_off_t = 0
        curl_easy_get_size(pointer, CURLINFO_PRETRANSFER_TIME_T, &microseconds)
        return microseconds > 0
    }

    private func note(_ code: CURLcode) {
        if refusal == CURLE_OK { refusal = code }
    }
}
