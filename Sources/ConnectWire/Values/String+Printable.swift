extension String {
    /// The first character that cannot go into a header or a URL as it is: a line break, another control character, or one that is not ASCII.
    package var firstUnprintable: Unicode.Scalar? {
        unicodeScalars.first { !(0x20...0x7E).contains($0.value) }
    }

    package var firstControlCharacter: Unicode.Scalar? {
        unicodeScalars.first { $0.properties.generalCategory == .control }
    }
}

extension Unicode.Scalar {
    /// How errors name a character that would not be seen: `U+D`.
    package var codePoint: String { "U+\(String(value, radix: 16, uppercase: true))" }
}
