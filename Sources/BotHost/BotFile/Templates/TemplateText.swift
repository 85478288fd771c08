/// A piece of a tag, and how far behind the tag's `{{` it begins.
struct TemplateText {
    var scalars: ArraySlice<Unicode.Scalar>
    var offset: Int

    init(scalars: ArraySlice<Unicode.Scalar>, offset: Int) {
        self.scalars = scalars
        self.offset = offset
        while let first = self.scalars.first, first.properties.isWhitespace {
            self.scalars.removeFirst()
            self.offset += 1
        }
        while let last = self.scalars.last, last.properties.isWhitespace { self.scalars.removeLast() }
    }

    var trimmed: String { String(String.UnicodeScalarView(scalars)) }

    /// What follows the word, if it begins with it.
    func after(_ word: String) -> TemplateText? {
        guard trimmed == word || trimmed.hasPrefix(word + " ") else { return nil }
        let count = word.unicodeScalars.count
        return TemplateText(scalars: scalars.dropFirst(count), offset: offset + count)
    }

    /// The pieces between the separators that are not quoted.
    func split(by separator: Unicode.Scalar, maxSplits: Int = .max) -> [TemplateText] {
        var pieces: [TemplateText] = []
        var start = scalars.startIndex
        var quotes = QuoteTracker()
        func piece(_ range: Range<Int>) -> TemplateText {
            TemplateText(scalars: scalars[range], offset: offset + range.lowerBound - scalars.startIndex)
        }
        for index in scalars.indices {
            guard !quotes.isQuoted(scalars[index]), scalars[index] == separator, pieces.count < maxSplits else { continue }
            pieces.append(piece(start..<index))
            start = index + 1
        }
        return pieces + [piece(start..<scalars.endIndex)]
    }
}

/// Knows, scalar after scalar, what is inside quotes. A quote opens only at the beginning of a word, so an apostrophe is none.
struct QuoteTracker {
    private var open: Unicode.Scalar?
    private var isAtStartOfWord = true

    mutating func isQuoted(_ scalar: Unicode.Scalar) -> Bool {
        if let quote = open {
            if scalar == quote { open = nil }
            return true
        }
        if isAtStartOfWord, scalar == "\"" || scalar == "'" {
            open = scalar
            return true
        }
        isAtStartOfWord = scalar == ":" || scalar == "|" || scalar.properties.isWhitespace
        return false
    }
}
