import ConnectWire
import Crypto
import FoundationEssentials

/// Encrypts tokens for the store: AES-256-GCM, with the row and column they are for as associated data, so that none can be moved elsewhere.
struct TokenCipher: Sendable {
    private let key: SymmetricKey

    init(key: TokenKey) {
        self.key = key.symmetricKey
    }

    func seal<Kind>(_ secret: Secret<Kind>, for row: String) throws -> Data {
        let box = try AES.GCM.seal(Data(secret.exposed.utf8), using: key, authenticating: associatedData(Kind.self, row))
        // A nonce of the usual size always gives a combined form.
        guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return combined
    }

    func open<Kind>(_ sealed: Data, for row: String, as kind: Kind.Type = Kind.self) throws -> Secret<Kind> {
        let box = try AES.GCM.SealedBox(combined: sealed)
        let text = try AES.GCM.open(box, using: key, authenticating: associatedData(Kind.self, row))
        return Secret(String(decoding: text, as: UTF8.self))
    }

    /// A stable name for something that only this store's key tells from others: keys a session by its participant token.
    func fingerprint<Kind>(of secret: Secret<Kind>) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(secret.exposed.utf8), using: key).prefix(16).hex
    }

    private func associatedData<Kind: SecretKind>(_ kind: Kind.Type, _ row: String) -> Data {
        Data("\(Kind.label)\u{0}\(row)".utf8)
    }
}

extension Sequence where Element == UInt8 {
    /// Lower case hexadecimal.
    var hex: String {
        var text = ""
        for byte in self {
            if byte < 16 { text.append("0") }
            text.append(String(byte, radix: 16))
        }
        return text
    }
}
