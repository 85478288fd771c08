/// A name from a list that the service may lengthen at any time.
///
/// Known names are static members; an unknown one is kept as it came, so that a `switch` handles it in `default` and nothing is lost.
package protocol WireName: RawRepresentable, Hashable, Codable, Sendable, CustomStringConvertible where RawValue == String {
    init(rawValue: String)
}

extension WireName {
    package var description: String { rawValue }
}
