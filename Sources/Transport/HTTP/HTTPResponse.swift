/// The answer to a request, with any status.
package struct HTTPResponse: Sendable {
    package var status: Int
    package var headers: [HTTPHeader]
    /// Empty where the body went to a file.
    package var body: [UInt8]

    package init(status: Int, headers: [HTTPHeader] = [], body: [UInt8] = []) {
        self.status = status
        self.headers = headers
        self.body = body
    }
}
