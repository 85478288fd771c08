import ConnectWire
import Crypto
import FoundationEssentials

/// Encrypts what the store keeps secret: AES-256-GCM, with the row and column as associated data, so that nothing can be moved elsewhere.
struct TokenCipher: Sendable {
    private let key: SymmetricKey

    init(key: TokenKey) {
        self.key = key.symmetricKey
    }

    func seal<Kind>(_ secret: Secret<Kind>, for row: String) throws -> Data {
        try seal(Data(secret.exposed.utf8), as: Kind.label, for: row)
    }

    func open<Kind>(_ sealed: Data, for row: String, as kind: Kind.Type = Kind.self) throws -> Secret<Kind> {
        Secret(String(decoding: try open(sealed, as: Kind.label, for: row), as: UTF8.self))
    }

    func seal(_ bytes: Data, as label: String, for row: String) throws -> Data {
        let box = try AES.GCM.seal(bytes, using: key, authenticating: associatedData(label, row))
        // A nonce of the usual size always gives a combined form.
        guard let combined = box.combined else { throw CryptoKitError.incorrectParameterSize }
        return combined
    }

    func open(_ sealed: Data, as label: String, for row: String) throws -> Data {
        try AES.GCM.open(AES.GCM.SealedBox(combined: sealed), using: key, authenticating: associatedData(label, row))
    }

    private func associatedData(_ label: String, _ row: String) -> Data {
        Data("\(label)\u{0}\(row)".utf8)
    }
}

/// Gives stable names to secrets, which only this store can tell from others': it keys a session by its participant token. It outlives a change of
/// the store's key.
struct Fingerprints: Sendable {
    private let key: SymmetricKey

    init(key: Data) {
        self.key = SymmetricKey(data: key)
    }

    static func newKey() -> Data {
        SymmetricKey(size: .bits256).withUnsafeBytes { Data($0) }
    }

    func fingerprint<Kind>(of secret: Secret<Kind>) -> String {
        HMAC<SHA256>.authenticationCode(for: Data(secret.exposed.utf8), using: key).prefix(16).hex
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
