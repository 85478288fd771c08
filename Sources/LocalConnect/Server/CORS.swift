import Transport

/// What browsers need in order to call from a page, as ChatJS does (reference: the headers that it sends).
enum CORS {
    static let exposed = HTTPHeader(
        "Access-Control-Expose-Headers",
        "x-amzn-RequestId, x-amzn-ErrorType, Content-Disposition, Content-Range, ETag"
    )

    private static let requestHeaders = [
        "authorization", "content-type", "content-disposition", "x-amz-bearer", "x-amz-content-sha256", "x-amz-date", "x-amz-user-agent",
        "x-amz-security-token", "amz-sdk-invocation-id", "amz-sdk-request",
    ]

    /// Allows every method and header that is asked for. Which pages may ask is for ``AccessRules`` to say; beyond that, authority is in tokens
    /// and signatures, never in cookies.
    static func preflight(_ request: ServiceRequest) -> ServiceResponse {
        let asked = request.headers["Access-Control-Request-Headers"].map { [$0] } ?? []
        return ServiceResponse(
            status: 200,
            headers: [
                HTTPHeader("Access-Control-Allow-Methods", "GET, PUT, POST, HEAD, OPTIONS"),
                HTTPHeader("Access-Control-Allow-Headers", (requestHeaders + asked).joined(separator: ", ")),
                HTTPHeader("Access-Control-Max-Age", "3600"),
            ]
        )
    }
}
