extension String {
    /// How many columns the text takes in a font of fixed width: two for wide characters and emoji, none for combining ones.
    var displayWidth: Int { reduce(0) { $0 + $1.displayWidth } }

    func paddedRight(to width: Int) -> String { self + String(repeating: " ", count: Swift.max(0, width - displayWidth)) }

    func paddedLeft(to width: Int) -> String { String(repeating: " ", count: Swift.max(0, width - displayWidth)) + self }

    /// The text in lines of at most this many columns, broken between words where possible, never inside a character.
    func wrapped(to width: Int) -> [String] {
        var lines: [String] = []
        var line = ""
        func breakLine() {
            lines.append(line)
            line = ""
        }
        for word in split(separator: " ") {
            if !line.isEmpty, line.displayWidth + 1 + String(word).displayWidth > width { breakLine() }
            if !line.isEmpty { line += " " }
            for character in word {
                if !line.isEmpty, line.displayWidth + character.displayWidth > width { breakLine() }
                line.append(character)
            }
        }
        breakLine()
        return lines
    }
}

extension Character {
    /// The columns of one character as a person sees it, which may be several scalars: a family is as wide as one face.
    fileprivate var displayWidth: Int {
        if isEmoji { return 2 }
        return unicodeScalars.reduce(0) { $0 + $1.displayWidth }
    }

    private var isEmoji: Bool {
        guard let first = unicodeScalars.first?.properties else { return false }
        return first.isEmojiPresentation || (first.isEmoji && unicodeScalars.contains("\u{FE0F}"))
    }
}

extension Unicode.Scalar {
    fileprivate var displayWidth: Int {
        switch properties.generalCategory {
        case .nonspacingMark, .enclosingMark, .format, .control: return 0
        default: break
        }
        if properties.isDefaultIgnorableCodePoint { return 0 }
        switch value {
        // The vowels and finals of Hangul join the consonant before them.
        case 0x1160...0x11FF, 0xD7B0...0xD7FF: return 0
        // East_Asian_Width W and F, by blocks (UAX #11); wide emoji are told by their own property.
        case 0x1100...0x115F, 0x2329...0x232A, 0x2E80...0x303E, 0x3041...0x4DBF, 0x4E00...0xA4CF, 0xA960...0xA97F, 0xAC00...0xD7A3,
            0xF900...0xFAFF, 0xFE10...0xFE19, 0xFE30...0xFE6F, 0xFF01...0xFF60, 0xFFE0...0xFFE6, 0x16FE0...0x18DFF, 0x1AFF0...0x1B2FF,
            0x1F200...0x1F2FF, 0x20000...0x2FFFD, 0x30000...0x3FFFD:
            return 2
        default: return 1
        }
    }
}
