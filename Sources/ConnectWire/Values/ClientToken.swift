import FoundationEssentials

/// Makes a call repeatable: the service answers a second call with the same token as it answered the first, without acting again.
///
/// How long it remembers is not documented.
package struct ClientToken: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible {
    package let rawValue: String

    package init(rawValue: String) {
        self.rawValue = rawValue
    }

    package static func random() -> Self {
        Self(rawValue: UUID().uuidString.lowercased())
    }

    package var description: String { rawValue }
}
