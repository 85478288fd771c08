import Transport

extension ServiceResponse {
    /// The XML document with which S3 answers errors.
    static func fault(_ fault: ObjectFault, resource: String, requestID: String) -> Self {
        let xml = """
            <?xml version="1.0" encoding="UTF-8"?>
            <Error><Code>\(fault.code)</Code><Message>\(escaped(fault.message))</Message><Resource>\(escaped(resource))</Resource>\
            <RequestId>\(requestID)</RequestId></Error>
            """
        return Self(status: fault.status, headers: [HTTPHeader("Content-Type", "application/xml")], body: .bytes(Array(xml.utf8)))
    }

    private static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
