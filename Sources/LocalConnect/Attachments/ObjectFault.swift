import Transport

/// An error of the object store, answered as S3 does.
struct ObjectFault: Error, Hashable, Sendable {
    var status: Int
    var code: String
    var message: String

    static func accessDenied(_ message: String) -> Self {
        Self(status: 403, code: "AccessDenied", message: message)
    }

    static let completed = accessDenied("The upload of this object was completed.")

    static let signatureDoesNotMatch = Self(
        status: 403,
        code: "SignatureDoesNotMatch",
        message: "The request signature we calculated does not match the signature you provided. "
            + "Send each of HeadersToInclude with its value verbatim, and the URL as it was given."
    )

    static let incompleteBody = Self(
        status: 400,
        code: "IncompleteBody",
        message: "You did not provide the number of bytes specified by the Content-Length HTTP header"
    )

    static let brokenBody = Self(
        status: 400,
        code: "InvalidRequest",
        message: "The body did not come whole: it broke off, or its chunks are not well formed"
    )

    static let noSuchKey = Self(status: 404, code: "NoSuchKey", message: "The specified key does not exist.")

    static let methodNotAllowed = Self(
        status: 405,
        code: "MethodNotAllowed",
        message: "The specified method is not allowed against this resource."
    )

    static let invalidRange = Self(status: 416, code: "InvalidRange", message: "The requested range is not satisfiable")

    static let internalError = Self(status: 500, code: "InternalError", message: "We encountered an internal error. Please try again.")
}
