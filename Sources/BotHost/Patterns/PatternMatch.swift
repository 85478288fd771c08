/// What a pattern found in a text.
package struct PatternMatch: Hashable, Sendable {
    /// By number, the whole match first. Nil for a group that took no part.
    package let captures: [String?]
    let groups: [String: Int]

    /// The text of a group, by its name.
    package subscript(name: String) -> String? {
        groups[name].flatMap { captures[$0] }
    }

    /// The groups that have a name and took part.
    package var named: [String: String] {
        groups.compactMapValues { captures[$0] }
    }
}
