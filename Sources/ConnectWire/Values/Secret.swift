/// A text that lets its holder act: it goes over the wire and into the encrypted store, and never into a log, an error or a dump.
///
/// Every way of printing gives the redacted form; ``exposed`` is the one door to the text.
package struct Secret<Kind: SecretKind>: Hashable, Sendable {
    /// The text itself. Give it to the wire or to the cipher, to nothing else.
    package let exposed: String

    package init(_ exposed: String) {
        self.exposed = exposed
    }
}

package protocol SecretKind {
    /// What stands in logs instead of the secret.
    static var label: String { get }
}

extension Secret: Codable {
    package init(from decoder: any Decoder) throws {
        exposed = try decoder.singleValueContainer().decode(String.self)
    }

    package func encode(to encoder: any Encoder) throws {
        var container = encoder.singleValueContainer()
        try container.encode(exposed)
    }
}

extension Secret: CustomStringConvertible, CustomDebugStringConvertible, CustomReflectable {
    package var description: String { "<\(Kind.label)>" }
    package var debugDescription: String { description }
    package var customMirror: Mirror { Mirror(self, children: []) }
}

package enum ParticipantTokenKind: SecretKind {
    package static var label: String { "participant token" }
}

package enum ConnectionTokenKind: SecretKind {
    package static var label: String { "connection token" }
}

package enum SignedURLKind: SecretKind {
    package static var label: String { "signed URL" }
}

/// Opens a connection (CreateParticipantConnection). Lives as long as the participant does.
package typealias ParticipantToken = Secret<ParticipantTokenKind>

/// Authorises every other call. Lives one day.
package typealias ConnectionToken = Secret<ConnectionTokenKind>

/// A URL that carries its own authority: a WebSocket's or a pre-signed object's.
package typealias SignedURL = Secret<SignedURLKind>
