import ConnectWire
import FoundationEssentials

/// Where a transcript goes on. Signed, and bound to the connection token that it was given to: a new connection reads from the start.
struct PageToken: Hashable {
    var contactID: ContactID
    var direction: ScanDirection
    var order: ConnectWire.SortOrder
    var boundary: Int
}

extension PageToken {
    private struct Fields: Codable {
        var contact: ContactID
        var direction: ScanDirection
        var order: ConnectWire.SortOrder
        var boundary: Int
    }

    func text(key: ServiceKey, issuedTo grant: TokenDigest) -> String? {
        let fields = Fields(contact: contactID, direction: direction, order: order, boundary: boundary)
        guard let json = try? JSONEncoder().encode(fields) else { return nil }
        let payload = Array(json).base64URL
        return "\(payload).\(key.authenticationCode(for: Self.signed(payload, grant)).base64URL)"
    }

    /// - Returns: Nil for a token that was not given to this connection.
    init?(_ text: String, key: ServiceKey, issuedTo grant: TokenDigest) {
        let parts = text.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 2, let code = [UInt8](base64URL: String(parts[1])),
            key.isValid(code, for: Self.signed(String(parts[0]), grant)),
            let json = [UInt8](base64URL: String(parts[0])),
            let fields = try? JSONDecoder().decode(Fields.self, from: Data(json))
        else { return nil }
        self.init(contactID: fields.contact, direction: fields.direction, order: fields.order, boundary: fields.boundary)
    }

    private static func signed(_ payload: String, _ grant: TokenDigest) -> String {
        "page\n\(payload)\n\(grant.rawValue)"
    }
}
