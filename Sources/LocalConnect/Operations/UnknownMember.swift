import ConnectWire

/// A member that nothing reads, in what an operator wrote. Most are misspelt, so what was meant would be lost without a word.
struct UnknownMember: Error, CustomStringConvertible {
    let description: String
}

extension Decoder {
    /// - Throws: ``UnknownMember`` where the object has others than these.
    func refuseMembers<Key: CodingKey & CaseIterable>(besides known: Key.Type) throws {
        let names = known.allCases.map(\.stringValue)
        for name in try container(keyedBy: AnyMember.self).allKeys.map(\.stringValue).sorted() where !names.contains(name) {
            let place = codingPath.map { key in key.intValue.map { " in item \($0 + 1)" } ?? " in '\(key.stringValue)'" }.joined()
            let hint = Spelling.hint(for: name, among: names)
            let known = names.joined(separator: ", ")
            throw UnknownMember(description: "there is no member '\(name.prefix(100))'\(place)\(hint) The members are: \(known)")
        }
    }
}

private struct AnyMember: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }

    init(stringValue: String) {
        self.stringValue = stringValue
    }

    init?(intValue: Int) {
        nil
    }
}
