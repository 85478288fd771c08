import ConnectWire
import Transport

/// Pre-signed URLs in the manner of S3: an HMAC-SHA256 over the method, the path, the expiry and the signed headers.
struct URLSigner: Sendable {
    let key: ServiceKey

    private static let algorithm = "ATTACHE-HMAC-SHA256"

    /// - Parameter lifetime: Whole seconds.
    /// - Parameter headers: What the request must carry, each with this very value.
    func url(
        _ method: String,
        endpoint: String,
        path: String,
        signedAt: Timestamp,
        lifetime: Duration,
        headers: [String: String] = [:]
    ) -> (url: SignedURL, expiry: Timestamp) {
        let seconds = signedAt.millisecondsSince1970 / 1000
        let names = headers.keys.map { $0.lowercased() }.sorted()
        let query = [
            "X-Amz-Algorithm=\(Self.algorithm)",
            "X-Amz-Date=\(seconds)",
            "X-Amz-Expires=\(lifetime.components.seconds)",
            "X-Amz-SignedHeaders=\(names.joined(separator: "%3B"))",
        ].joined(separator: "&")
        let values = Dictionary(headers.map { ($0.key.lowercased(), $0.value) }) { first, _ in first }
        let signed = names.map { "\($0):\((values[$0] ?? "").withoutOuterSpace)" }
        let code = key.authenticationCode(for: Self.canonical(method, path: path, query: query, headers: signed))
        let url = "\(endpoint)\(path)?\(query)&X-Amz-Signature=\(code.hexadecimal)"
        return (SignedURL(url), Timestamp(millisecondsSince1970: (seconds + lifetime.components.seconds) * 1000))
    }

    func check(_ method: String, path: String, query: String, headers: [HTTPHeader], at now: Timestamp) throws(ObjectFault) {
        let parts = query.split(separator: "&", omittingEmptySubsequences: false)
        func value(_ name: String) -> Substring? {
            parts.first { $0.hasPrefix("\(name)=") }?.dropFirst(name.utf8.count + 1)
        }
        guard let signature = value("X-Amz-Signature"), let names = value("X-Amz-SignedHeaders"),
            let signedAt = value("X-Amz-Date").flatMap({ Int64($0) }), let lifetime = value("X-Amz-Expires").flatMap({ Int64($0) })
        else { throw .accessDenied("The URL is not pre-signed.") }
        let signedQuery = parts.filter { !$0.hasPrefix("X-Amz-Signature=") }.joined(separator: "&")
        let signedNames = names.isEmpty ? [] : names.replacing("%3B", with: ";").split(separator: ";", omittingEmptySubsequences: false)
        // As S3 has it: a header that nobody signed could change what the object becomes.
        if let stranger = headers.map({ $0.name.lowercased() }).first(where: { $0.hasPrefix("x-amz-") && !signedNames.contains($0[...]) }) {
            throw .accessDenied("There were headers present in the request which were not signed: \(stranger)")
        }
        let signed = signedNames.map { name in
            // A header that comes twice is joined, so that neither value passes alone.
            "\(name):\(headers.filter { $0.name.lowercased() == name }.map(\.value.withoutOuterSpace).joined(separator: ","))"
        }
        guard let code = [UInt8](hexadecimal: signature),
            key.isValid(code, for: Self.canonical(method, path: path, query: signedQuery, headers: signed))
        else { throw .signatureDoesNotMatch }
        let (expiry, overflow) = signedAt.addingReportingOverflow(lifetime)
        guard !overflow, now.millisecondsSince1970 < expiry * 1000 else { throw .accessDenied("Request has expired") }
    }

    private static func canonical(_ method: String, path: String, query: String, headers: [String]) -> String {
        (["object", method, path, query] + headers).joined(separator: "\n")
    }
}

extension String {
    /// As every HTTP parser gives a header's value, whatever was sent.
    fileprivate var withoutOuterSpace: Substring {
        let isSpace: (Character) -> Bool = { $0 == " " || $0 == "\t" }
        let head = drop(while: isSpace)
        return head.lastIndex { !isSpace($0) }.map { head[...$0] } ?? ""
    }
}
