import ConnectWire

/// The model's constraints. Lengths count Unicode code points.
enum Constraints {
    static func length(_ text: String?, _ range: ClosedRange<Int>, _ member: String) throws(ServiceFault) {
        guard let text else { return }
        let length = text.unicodeScalars.count
        guard range.contains(length) else {
            throw ServiceFault(
                .validation,
                message: "\(member) has \(length) characters; it must have \(range.lowerBound) to \(range.upperBound)"
            )
        }
    }

    /// For what goes into a header later.
    static func printable(_ text: String?, _ member: String) throws(ServiceFault) {
        guard let character = text?.firstUnprintable else { return }
        throw ServiceFault(.validation, message: "\(member) has the character \(character.codePoint); it must be printable ASCII")
    }

    /// For what is looked up, shown, or written percent-encoded.
    static func noControlCharacters(_ text: String?, _ member: String) throws(ServiceFault) {
        guard let character = text?.firstControlCharacter else { return }
        throw ServiceFault(.validation, message: "\(member) has the control character \(character.codePoint)")
    }

    static func range(_ number: Int?, _ range: ClosedRange<Int>, _ member: String) throws(ServiceFault) {
        guard let number, !range.contains(number) else { return }
        throw ServiceFault(.validation, message: "\(member) is \(number); it must be \(range.lowerBound) to \(range.upperBound)")
    }

    static func member<Value: WireName>(_ value: Value, of allowed: [Value], _ member: String) throws(ServiceFault) {
        guard !allowed.contains(value) else { return }
        let names = allowed.map(\.rawValue).joined(separator: ", ")
        throw ServiceFault(.validation, message: "\(member) is '\(value.rawValue.prefix(100))'; it must be one of: \(names)")
    }
}
