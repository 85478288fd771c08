import ConnectWire
import Crypto

/// What a token allows. The token itself is kept by nobody but its holder.
struct TokenGrant: Codable, Sendable {
    let digest: TokenDigest
    let kind: TokenKind
    let participantID: ParticipantID
    /// Nil for as long as the participant is there.
    let expiry: Timestamp?

    func isValid(at now: Timestamp) -> Bool {
        expiry.map { now < $0 } ?? true
    }
}

enum TokenKind: String, Codable, Sendable {
    case participant
    case connection
}

/// A token's SHA-256, by which it is found.
struct TokenDigest: RawRepresentable, Hashable, Codable, Sendable {
    let rawValue: String

    init(rawValue: String) {
        self.rawValue = rawValue
    }

    init(of token: String) {
        rawValue = SHA256.hash(data: Array(token.utf8)).hexadecimal
    }
}

/// Makes tokens that nobody can guess: a letter, and 32 bytes in base64url. Without the letter, a token that began with `-` would be an option
/// to whatever gets it on a command line, as the AWS CLI does.
struct TokenMint: Sendable {
    let key: ServiceKey

    /// The same for the same participant, so that a repeated StartChatContact is answered as before although the token is not stored.
    func participantToken(for id: ParticipantID) -> ParticipantToken {
        ParticipantToken("P" + key.authenticationCode(for: "participant token\n\(id)").base64URL)
    }

    func connectionToken(using random: inout some RandomNumberGenerator) -> ConnectionToken {
        ConnectionToken("C" + random.bytes(32).base64URL)
    }

    func websocketTicket(using random: inout some RandomNumberGenerator) -> String {
        "W" + random.bytes(32).base64URL
    }
}

/// The key from which URLs, page tokens and participant tokens get their authority.
struct ServiceKey: Sendable {
    private let key: SymmetricKey

    init(_ bytes: [UInt8]) {
        key = SymmetricKey(data: bytes)
    }

    init() {
        key = SymmetricKey(size: .bits256)
    }

    func authenticationCode(for text: String) -> [UInt8] {
        Array(HMAC<SHA256>.authenticationCode(for: Array(text.utf8), using: key))
    }

    /// In constant time.
    func isValid(_ code: [UInt8], for text: String) -> Bool {
        HMAC<SHA256>.isValidAuthenticationCode(code, authenticating: Array(text.utf8), using: key)
    }
}

extension ServiceKey: CustomStringConvertible, CustomReflectable {
    var description: String { "<service key>" }
    var customMirror: Mirror { Mirror(self, children: []) }
}
