extension String {
    /// The text with nothing in it that steers a terminal: controls and marks that turn the direction of writing are written out, so that what
    /// somebody says stays in its line.
    ///
    /// - Parameter isUnicode: Whether the terminal shows more than ASCII; where it does not, nothing is lost either.
    func visible(isUnicode: Bool = true) -> String {
        guard unicodeScalars.contains(where: { $0.mustBeWrittenOut(isUnicode: isUnicode) }) else { return self }
        return unicodeScalars.map { scalar in
            switch scalar {
            case "\t": "    "
            case "\r": "\\r"
            case _ where scalar.mustBeWrittenOut(isUnicode: isUnicode): "\\u{\(String(scalar.value, radix: 16))}"
            default: String(scalar)
            }
        }.joined()
    }
}

extension Unicode.Scalar {
    fileprivate func mustBeWrittenOut(isUnicode: Bool) -> Bool {
        switch value {
        case 0x0a: false
        case 0..<0x20, 0x7f..<0xa0: true
        // Line and paragraph separators, and what overrides or isolates a direction.
        case 0x2028...0x202e, 0x2066...0x2069: true
        case 0x80...: !isUnicode
        default: false
        }
    }
}
